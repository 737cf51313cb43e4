package dev.architect.benchmarks.routing;

import dev.architect.benchmarks.HostInfo;
import dev.architect.benchmarks.Measurement;
import dev.architect.benchmarks.MeasurementReport;
import dev.architect.benchmarks.Options;
import dev.architect.router.evaluation.CrossValidation;
import dev.architect.router.learned.AnswerModel;
import dev.architect.router.learned.AnswerModelTrainer;
import dev.architect.router.learned.RoutingModel;
import dev.architect.router.learned.RoutingModelTrainer;
import dev.architect.router.learned.RoutingModelTrainer.Goal;
import dev.architect.router.learned.RoutingOutcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * How much of the gap between a strong and a weak model routers recover, on recorded outcomes: five folds, several seeds, with intervals,
 * beside the length of the prompt and published figures.
 */
public final class RoutingQuality {

    /** The subject that carries much of the figures of MMLU, so that they are given without it as well. */
    private static final String DOMINANT = "moral_scenarios";

    private static final int SPEED_ROUNDS = 20;

    private RoutingQuality() {}

    /** Runs with {@code --data DIR}, {@code --seeds N} and {@code --json FILE}. */
    public static void main(String... arguments) throws Exception {
        Measurement.main(RoutingQuality::measure, arguments);
    }

    static MeasurementReport measure(List<String> arguments) throws Exception {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("data", "data/routing");
        defaults.put("seeds", "3");
        Options options = Options.parse(arguments, defaults);
        int seeds = options.number("seeds", 1);
        List<OutcomeSet> sets = OutcomeSet.load(Path.of(options.text("data")));
        Map<String, Object> machine = HostInfo.facts();
        RoutingTable table = new RoutingTable();
        for (OutcomeSet set : sets) {
            inDomain(table, set, seeds);
            if (!set.corrected().isEmpty()) {
                inDomain(table, set.regraded(), seeds);
            }
            if (set.has(DOMINANT)) {
                inDomain(table, set.without(DOMINANT), seeds);
            }
            if (set.isGrouped()) {
                grouped(table, set, seeds);
                if (set.has(DOMINANT)) {
                    grouped(table, set.without(DOMINANT), seeds);
                }
            }
        }
        Map<String, Object> ratios = new LinkedHashMap<>();
        for (OutcomeSet source : sets) {
            RoutingModel model = train(source, ratios);
            for (OutcomeSet target : sets) {
                if (!target.name().equals(source.name())) {
                    transfer(table, model, source, target);
                    if (!target.corrected().isEmpty()) {
                        transfer(table, model, source, target.regraded());
                    }
                }
            }
        }
        PublishedFigures.addTo(table, sets);
        Map<String, Object> facts = new LinkedHashMap<>();
        defaults.keySet().forEach(name -> facts.put(name, options.text(name)));
        return new MeasurementReport("routing", machine, facts, table.rows(), ratios);
    }

    private static void inDomain(RoutingTable table, OutcomeSet set, int seeds) {
        table.length(set, set.name());
        CrossValidation folds = new CrossValidation(set.outcomes());
        Calibrated calibrated = new Calibrated();
        List<double[]> scores = new ArrayList<>();
        for (int seed = 0; seed < seeds; seed++) {
            scores.add(folds.scores(
                    (training, number) -> {
                        RoutingModel model =
                                RoutingModelTrainer.withSeed(number).train(training);
                        return outcome -> calibrated.score(model, outcome);
                    },
                    seed));
        }
        table.add(set, set.name(), "learned", scores).put("calibrationError", calibrated.error());
        if (set.hasAnswers()) {
            cascade(table, set, seeds, true);
            cascade(table, set, seeds, false);
        }
    }

    private static void cascade(RoutingTable table, OutcomeSet set, int seeds, boolean hasForm) {
        CrossValidation folds = new CrossValidation(set.outcomes());
        Calibrated calibrated = new Calibrated();
        List<double[]> scores = new ArrayList<>();
        for (int seed = 0; seed < seeds; seed++) {
            scores.add(folds.scores(
                    (training, number) -> {
                        AnswerModelTrainer trainer = AnswerModelTrainer.withSeed(number);
                        AnswerModel model = (hasForm ? trainer : trainer.withoutForm()).train(training);
                        return outcome -> {
                            String answer = outcome.weakAnswer().orElseThrow();
                            calibrated.add(model.wrong(outcome.prompt(), answer), 1 - outcome.weak());
                            return model.score(outcome.prompt(), answer);
                        };
                    },
                    seed));
        }
        table.add(set, set.name(), hasForm ? "cascade" : "cascade without form", scores, true)
                .put("calibrationError", calibrated.error());
    }

    private static void grouped(RoutingTable table, OutcomeSet set, int seeds) {
        String name = set.name() + ", new subjects";
        table.length(set, name);
        CrossValidation folds = new CrossValidation(set.outcomes());
        List<double[]> scores = new ArrayList<>();
        for (int seed = 0; seed < seeds; seed++) {
            scores.add(folds.groupedScores(
                    (training, number) -> {
                        RoutingModel model = RoutingModelTrainer.withSeed(number)
                                .goal(Goal.NEW_KINDS)
                                .train(training);
                        ToDoubleFunction<RoutingOutcome> score =
                                outcome -> model.assess(outcome.prompt()).learnedScore();
                        return score;
                    },
                    seed));
        }
        table.add(set, name, "learned", scores);
    }

    private static void transfer(RoutingTable table, RoutingModel model, OutcomeSet source, OutcomeSet target) {
        String name = source.name() + " to " + target.name();
        double[] used = new double[target.outcomes().size()];
        double[] learned = new double[used.length];
        int familiar = 0;
        for (int row = 0; row < used.length; row++) {
            var assessment = model.assess(target.outcomes().get(row).prompt());
            // Rows of the same length in their order, as those of the length itself.
            used[row] = assessment.score() + 1e-12 * row;
            learned[row] = assessment.learnedScore();
            familiar += assessment.isFamiliar() ? 1 : 0;
        }
        table.length(target, name);
        table.add(target, name, "learned, length for strangers", List.of(used))
                .put("familiarShare", (double) familiar / used.length);
        table.add(target, name, "learned part alone", List.of(learned));
    }

    /** Trains on a whole set, and takes down what that costs. */
    private static RoutingModel train(OutcomeSet set, Map<String, Object> ratios) {
        long start = System.nanoTime();
        RoutingModel model = RoutingModelTrainer.withSeed(1).train(set.outcomes());
        double trained = (System.nanoTime() - start) / 1e9;
        byte[] bytes = model.toBytes();
        start = System.nanoTime();
        RoutingModel loaded = RoutingModel.parse(bytes);
        double load = (System.nanoTime() - start) / 1e6;
        List<String> prompts =
                set.outcomes().stream().map(RoutingOutcome::prompt).limit(1_000).toList();
        long characters = prompts.stream().mapToLong(String::length).sum();
        double sum = 0;
        long best = Long.MAX_VALUE;
        for (int round = 0; round < SPEED_ROUNDS; round++) {
            start = System.nanoTime();
            for (String prompt : prompts) {
                sum += loaded.assess(prompt).score();
            }
            best = Math.min(best, System.nanoTime() - start);
        }
        double perSecond = prompts.size() / (best / 1e9);
        System.out.printf(
                Locale.ROOT,
                "%s: %,d rows trained in %.1f s, %,d bytes, loaded in %.1f ms, %,.0f decisions a second of %d characters on one core (check %.3f)%n",
                set.name(),
                set.outcomes().size(),
                trained,
                bytes.length,
                load,
                perSecond,
                characters / prompts.size(),
                sum);
        ratios.put(set.name() + " trainingSeconds", trained);
        ratios.put(set.name() + " modelBytes", bytes.length);
        ratios.put(set.name() + " loadMillis", load);
        ratios.put(set.name() + " decisionsPerSecond", Math.round(perSecond));
        ratios.put(set.name() + " decisionsPerSecondAt500Characters", Math.round(best500(loaded, prompts)));
        return model;
    }

    private static double best500(RoutingModel model, List<String> prompts) {
        StringBuilder text = new StringBuilder();
        List<String> cut = new ArrayList<>();
        for (String prompt : prompts) {
            text.append(prompt).append(' ');
            if (text.length() >= 500) {
                cut.add(text.substring(0, 500));
                text.setLength(0);
            }
        }
        if (cut.isEmpty()) {
            return 0;
        }
        double sum = 0;
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 3 * SPEED_ROUNDS; round++) {
            long start = System.nanoTime();
            for (String prompt : cut) {
                sum += model.assess(prompt).score();
            }
            best = Math.min(best, System.nanoTime() - start);
        }
        return sum == Double.MIN_VALUE ? 0 : cut.size() / (best / 1e9);
    }

    /** Collects probabilities beside what happened. */
    private static final class Calibrated {

        private static final int BINS = 10;
        private final double[] said = new double[BINS];
        private final double[] happened = new double[BINS];
        private int count;

        double score(RoutingModel model, RoutingOutcome outcome) {
            var assessment = model.assess(outcome.prompt());
            add(assessment.weakIsWrong(), 1 - outcome.weak());
            return assessment.score();
        }

        void add(double probability, double wrong) {
            int bin = Math.min(BINS - 1, (int) (probability * BINS));
            said[bin] += probability;
            happened[bin] += wrong;
            count++;
        }

        /** The expected calibration error over ten bins of equal width. */
        double error() {
            double error = 0;
            for (int bin = 0; bin < BINS; bin++) {
                error += Math.abs(said[bin] - happened[bin]) / count;
            }
            return error;
        }
    }
}

package dev.architect.benchmarks.routing;

import dev.architect.benchmarks.HostInfo;
import dev.architect.benchmarks.InvalidOptionException;
import dev.architect.benchmarks.JmhRun;
import dev.architect.benchmarks.Measurement;
import dev.architect.benchmarks.MeasurementReport;
import dev.architect.benchmarks.Options;
import dev.architect.router.evaluation.CrossValidation;
import dev.architect.router.learned.AnswerModel;
import dev.architect.router.learned.AnswerModelTrainer;
import dev.architect.router.learned.LearnedModelException;
import dev.architect.router.learned.RoutingModel;
import dev.architect.router.learned.RoutingModelTrainer;
import dev.architect.router.learned.RoutingModelTrainer.Goal;
import dev.architect.router.learned.RoutingOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.runner.RunnerException;

/**
 * How much of the gap between a strong and a weak model routers recover, on recorded outcomes: five folds, several seeds, with intervals,
 * beside the length of the prompt and published figures.
 */
public final class RoutingQuality {

    /** The subject that carries much of the figures of MMLU, so that they are given without it as well. */
    private static final String DOMINANT = "moral_scenarios";

    private static final int SPEED_ROUNDS = 20;

    private RoutingQuality() {}

    /** Runs with {@code --data DIR}, {@code --seeds N}, {@code --jmh yes|no} and {@code --json FILE}. */
    public static void main(String... arguments) throws Exception {
        Measurement.main(RoutingQuality::measure, arguments);
    }

    static MeasurementReport measure(List<String> arguments) throws Exception {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("data", "data/routing");
        defaults.put("seeds", "3");
        defaults.put("jmh", "yes");
        Options options = Options.parse(arguments, defaults);
        int seeds = options.number("seeds", 1);
        boolean usesJmh = switch (options.text("jmh")) {
            case "yes" -> true;
            case "no" -> false;
            default -> throw new InvalidOptionException("--jmh is '" + options.text("jmh") + "', expected yes or no");
        };
        Path data = Path.of(options.text("data"));
        List<OutcomeSet> sets = OutcomeSet.load(data);
        List<ManyModelSet> many = ManyModelSet.load(data);
        if (sets.isEmpty() && many.isEmpty()) {
            throw new InvalidOptionException(
                    "--data is '" + data
                            + "', expected a directory that has folders with CSV files of outcomes, or with JSON lines and models.json");
        }
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
            transfers(table, source, sets, usesJmh, ratios);
        }
        for (ManyModelSet set : many) {
            learned(table, set.name(), "learned", () -> ManyModelQuality.addTo(table, set, seeds, ratios));
        }
        PublishedFigures.addTo(table, sets);
        Map<String, Object> facts = new LinkedHashMap<>();
        defaults.keySet().forEach(name -> facts.put(name, options.text(name)));
        return new MeasurementReport("routing", machine, facts, table.rows(), ratios);
    }

    /** Measures what is learned, or says why nothing can be: there are few rows, or the models are equally good on all. */
    private static void learned(RoutingTable table, String set, String router, Runnable measured) {
        try {
            measured.run();
        } catch (LearnedModelException none) {
            table.skipped(set, router, String.valueOf(none.getMessage()));
        }
    }

    private static void inDomain(RoutingTable table, OutcomeSet set, int seeds) {
        table.length(set, set.name());
        learned(table, set.name(), "learned", () -> prompts(table, set, seeds));
        if (set.hasAnswers()) {
            learned(table, set.name(), "cascade", () -> cascade(table, set, seeds, true));
            learned(table, set.name(), "cascade without form", () -> cascade(table, set, seeds, false));
        }
    }

    private static void prompts(RoutingTable table, OutcomeSet set, int seeds) {
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
        calibrated.addTo(table.add(set, set.name(), "learned", scores));
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
        calibrated.addTo(table.add(set, set.name(), hasForm ? "cascade" : "cascade without form", scores, true));
    }

    private static void grouped(RoutingTable table, OutcomeSet set, int seeds) {
        String name = set.name() + ", new subjects";
        table.length(set, name);
        learned(table, name, "learned", () -> grouped(table, set, name, seeds));
    }

    private static void grouped(RoutingTable table, OutcomeSet set, String name, int seeds) {
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

    private static void transfers(
            RoutingTable table,
            OutcomeSet source,
            List<OutcomeSet> targets,
            boolean usesJmh,
            Map<String, Object> ratios) {
        RoutingModel model;
        try {
            model = train(source, usesJmh, ratios);
        } catch (LearnedModelException none) {
            table.skipped(source.name() + " to others", "learned", String.valueOf(none.getMessage()));
            return;
        }
        for (OutcomeSet target : targets) {
            if (!target.name().equals(source.name())) {
                transfer(table, model, source, target);
                if (!target.corrected().isEmpty()) {
                    transfer(table, model, source, target.regraded());
                }
                if (target.has(DOMINANT)) {
                    transfer(table, model, source, target.without(DOMINANT));
                }
            }
        }
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
    private static RoutingModel train(OutcomeSet set, boolean usesJmh, Map<String, Object> ratios) {
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
        if (usesJmh) {
            ratios.put(
                    set.name() + " decisionsPerSecondAt500Characters",
                    Math.round(at500Characters(set, bytes, prompts)));
        }
        return model;
    }

    /** Decisions a second about prompts of 500 characters on one core, by JMH; 0 when there is too little text. */
    private static double at500Characters(OutcomeSet set, byte[] model, List<String> prompts) {
        StringBuilder text = new StringBuilder();
        List<String> cut = new ArrayList<>();
        for (String prompt : prompts) {
            text.append(prompt).append(' ');
            if (text.length() >= RoutingModelBenchmark.CHARACTERS) {
                cut.add(text.substring(0, RoutingModelBenchmark.CHARACTERS));
                text.setLength(0);
            }
        }
        if (cut.isEmpty()) {
            return 0;
        }
        try {
            Path folder = Files.createTempDirectory("routing-benchmark");
            try {
                Files.write(folder.resolve(RoutingModelBenchmark.MODEL), model);
                Files.writeString(folder.resolve(RoutingModelBenchmark.PROMPTS), String.join("", cut));
                JmhRun run = JmhRun.of(
                        RoutingModelBenchmark.class,
                        List.of("-jvmArgsAppend", "-D" + RoutingModelBenchmark.FOLDER + "=" + folder));
                double perSecond =
                        run.results().iterator().next().getPrimaryResult().getScore();
                System.out.printf(
                        Locale.ROOT,
                        "%s: %,.0f decisions a second of %d characters on one core (JMH)%n",
                        set.name(),
                        perSecond,
                        RoutingModelBenchmark.CHARACTERS);
                return perSecond;
            } finally {
                Files.deleteIfExists(folder.resolve(RoutingModelBenchmark.MODEL));
                Files.deleteIfExists(folder.resolve(RoutingModelBenchmark.PROMPTS));
                Files.deleteIfExists(folder);
            }
        } catch (IOException noFile) {
            throw new UncheckedIOException(noFile);
        } catch (RunnerException failed) {
            throw new IllegalStateException("the benchmark of decisions failed", failed);
        }
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

        void addTo(Map<String, Object> row) {
            double error = error();
            row.put("calibrationError", error);
            System.out.printf(Locale.ROOT, "%-67s calibration error of \"weak is wrong\" %.4f%n", "", error);
        }

        /** The expected calibration error over ten bins of equal width. */
        private double error() {
            double error = 0;
            for (int bin = 0; bin < BINS; bin++) {
                error += Math.abs(said[bin] - happened[bin]) / count;
            }
            return error;
        }
    }
}

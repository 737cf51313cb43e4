package dev.architect.benchmarks.routing;

import dev.architect.router.evaluation.CrossValidation;
import dev.architect.router.learned.QualityModel;
import dev.architect.router.learned.QualityModelTrainer;
import dev.architect.router.learned.QualityOutcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How good the answers are, and what they cost, when one of several models is chosen for each prompt: five folds, several seeds. */
final class ManyModelQuality {

    /** What a dollar (for a million tokens) weighs. */
    private static final double[] WEIGHTS = {0, 0.02, 0.05, 0.1, 0.2};
    /** Mean prices that are not to be exceeded. */
    private static final double[] LIMITS = {0.57, 0.70};

    private final ManyModelSet set;
    private final List<String> models;
    private final double[][] qualities;
    private final double[] prices;
    /** For each way to choose the mean quality and the mean price of each row, over the seeds. */
    private final Map<String, double[][]> results = new LinkedHashMap<>();

    private int seeds;
    private int rightTasks;

    private ManyModelQuality(ManyModelSet set) {
        this.set = set;
        this.models = List.copyOf(set.outcomes().get(0).qualities().keySet());
        this.qualities = set.outcomes().stream()
                .map(each -> each.qualities().values().stream()
                        .mapToDouble(Double::doubleValue)
                        .toArray())
                .toArray(double[][]::new);
        this.prices = models.stream()
                .mapToDouble(model -> set.prices().getOrDefault(model, 0.0))
                .toArray();
    }

    static void addTo(RoutingTable table, ManyModelSet set, int seeds, Map<String, Object> ratios) {
        ManyModelQuality quality = new ManyModelQuality(set);
        quality.seeds = seeds;
        quality.measure();
        double[][] single = quality.results.getOrDefault("best single", new double[2][qualityRows(set)]);
        quality.results.forEach((router, each) -> table.addMany(
                set.name(), router, each[0], each[1], router.equals("best single") ? null : single[0], seeds));
        ratios.put(set.name() + " tasksRecognised", (double) quality.rightTasks / seeds / qualityRows(set));
        long start = System.nanoTime();
        QualityModel model = QualityModelTrainer.withSeed(1).train(set.outcomes(), set.prices());
        double trained = (System.nanoTime() - start) / 1e9;
        byte[] bytes = model.toBytes();
        start = System.nanoTime();
        QualityModel.parse(bytes);
        double load = (System.nanoTime() - start) / 1e6;
        System.out.printf(
                Locale.ROOT,
                "%s: %,d rows of %d models trained in %.1f s, %,d bytes, loaded in %.1f ms%n",
                set.name(),
                set.outcomes().size(),
                model.models().size(),
                trained,
                bytes.length,
                load);
        ratios.put(set.name() + " trainingSeconds", trained);
        ratios.put(set.name() + " modelBytes", bytes.length);
        ratios.put(set.name() + " loadMillis", load);
    }

    private static int qualityRows(ManyModelSet set) {
        return set.outcomes().size();
    }

    private void measure() {
        int n = qualityRows(set);
        for (int seed = 0; seed < seeds; seed++) {
            int[] fold = CrossValidation.folds(n, seed);
            for (int held = 0; held < CrossValidation.FOLDS; held++) {
                List<Integer> training = new ArrayList<>();
                List<Integer> tested = new ArrayList<>();
                for (int row = 0; row < n; row++) {
                    (fold[row] == held ? tested : training).add(row);
                }
                fold(training, tested, seed);
            }
        }
    }

    private void fold(List<Integer> training, List<Integer> tested, long seed) {
        QualityModel model = QualityModelTrainer.withSeed(seed)
                .train(training.stream().map(set.outcomes()::get).toList(), set.prices());
        int single = best(training);
        Map<Optional<String>, Integer> ofTasks = new HashMap<>();
        for (int row : training) {
            ofTasks.computeIfAbsent(
                    set.outcomes().get(row).task(),
                    task -> best(training.stream()
                            .filter(each -> set.outcomes().get(each).task().equals(task))
                            .toList()));
        }
        Map<String, Double> weights = new LinkedHashMap<>();
        for (double weight : WEIGHTS) {
            weights.put(String.format(Locale.ROOT, "learned, a dollar weighs %.2f", weight), weight);
        }
        for (double limit : LIMITS) {
            weights.put(
                    String.format(Locale.ROOT, "learned, at most $%.2f", limit),
                    model.dial().forPrice(limit).priceWeight());
        }
        for (int row : tested) {
            QualityOutcome outcome = set.outcomes().get(row);
            add("random model", row, Arrays.stream(qualities[row]).average().orElse(0), mean(prices));
            choose("best single", row, single);
            choose("best per task, task known", row, ofTasks.getOrDefault(outcome.task(), single));
            QualityModel.Expectation expected = model.expect(outcome.prompt());
            rightTasks += expected.task().equals(outcome.task().orElse("")) ? 1 : 0;
            double[] estimates = expected.qualities().values().stream()
                    .mapToDouble(Double::doubleValue)
                    .toArray();
            weights.forEach((router, weight) -> choose(router, row, best(estimates, weight)));
            // A hair's breadth for the price: the cheapest of the best.
            choose("oracle, cheapest on ties", row, best(qualities[row], 1e-6));
        }
    }

    private int best(List<Integer> rows) {
        double[] sums = new double[models.size()];
        for (int row : rows) {
            for (int model = 0; model < sums.length; model++) {
                sums[model] += qualities[row][model];
            }
        }
        return best(sums, 1e-9);
    }

    private int best(double[] values, double weight) {
        int best = 0;
        for (int model = 1; model < values.length; model++) {
            best = values[model] - weight * prices[model] > values[best] - weight * prices[best] ? model : best;
        }
        return best;
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(0);
    }

    private void choose(String router, int row, int model) {
        add(router, row, qualities[row][model], prices[model]);
    }

    private void add(String router, int row, double quality, double price) {
        double[][] of = results.computeIfAbsent(router, each -> new double[2][qualityRows(set)]);
        of[0][row] += quality / seeds;
        of[1][row] += price / seeds;
    }
}

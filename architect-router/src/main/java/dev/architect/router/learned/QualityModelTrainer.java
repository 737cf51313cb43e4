package dev.architect.router.learned;

import dev.architect.router.regression.BinnedRows;
import dev.architect.router.regression.VectorForestTrainer;
import dev.architect.router.regression.WordTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Trains a {@link QualityModel} on recorded outcomes of several models. The same outcomes in the same order with the same seed give the same
 * bytes. Immutable.
 *
 * <p>Predictions for rows that a model has not seen, from three parts of the rows in turn, give the weights of the parts and the dial.
 */
public final class QualityModelTrainer {

    private static final int PARTS = 3;
    private static final int TREES = 100;
    private static final int TASK_LEAF = 10;
    private static final int LEAF = 20;
    private static final double SHARE = 0.3;
    private static final int EPOCHS = 8;
    /** So many rows weigh as much as the belief that a model is as good at a task as over all. */
    private static final double PRIOR = 5;

    private final long seed;

    private QualityModelTrainer(long seed) {
        this.seed = seed;
    }

    /** Returns a trainer. */
    public static QualityModelTrainer withSeed(long seed) {
        return new QualityModelTrainer(seed);
    }

    /**
     * Trains a model; five thousand outcomes of nine models take some seconds.
     *
     * @param outcomes all of the same models
     * @param prices for each model what it costs, in a unit of the host's choice, such as dollars for a million tokens
     * @throws LearnedModelException when there are fewer than {@value RoutingModelTrainer#LEAST_ROWS} outcomes, they are not all of the same
     *     models, there are too many models or tasks, the models are equally good on all, or a price is missing
     */
    public QualityModel train(List<QualityOutcome> outcomes, Map<String, Double> prices) {
        ModelChecks.noNulls("outcomes", outcomes);
        ModelChecks.notNull("prices", prices);
        if (outcomes.size() < RoutingModelTrainer.LEAST_ROWS) {
            throw new LearnedModelException(
                    "rows", Integer.toString(outcomes.size()), "at least " + RoutingModelTrainer.LEAST_ROWS);
        }
        Rows rows = new Rows(outcomes);
        double[] ofModels = prices(rows.models, prices);
        int[] part = parts(rows.size());
        double[][][] predictions = new double[rows.size()][][];
        double[] known = new double[rows.size()];
        for (int held = 0; held < PARTS; held++) {
            int current = held;
            QualityModel.Parts trained = train(
                    rows,
                    IntStream.range(0, part.length)
                            .filter(row -> part[row] != current)
                            .toArray());
            for (int row = 0; row < part.length; row++) {
                if (part[row] == held) {
                    double[] tasks = trained.tasks(rows.features[row], rows.slots[row]);
                    predictions[row] = trained.predict(tasks, rows.features[row], rows.slots[row]);
                    known[row] = trained.known(rows.slots[row]);
                }
            }
        }
        double[] weights = weights(predictions, rows.qualities);
        double[][] blended = Arrays.stream(predictions)
                .map(each -> QualityModel.blend(each, weights))
                .toArray(double[][]::new);
        return new QualityModel(
                rows.models,
                rows.tasks,
                ofModels,
                train(rows, IntStream.range(0, rows.size()).toArray()),
                weights,
                means(rows.qualities),
                SourceCheck.of(rows.features, known),
                PriceDial.of(blended, rows.qualities, ofModels),
                rows.size());
    }

    private static double[] prices(List<String> models, Map<String, Double> given) {
        double[] prices = new double[models.size()];
        for (int model = 0; model < prices.length; model++) {
            String name = models.get(model);
            Double price = given.get(name);
            if (price == null) {
                throw new LearnedModelException("price of " + name, "missing", "a price for each model");
            }
            if (!(price >= 0 && price < Double.POSITIVE_INFINITY)) {
                throw new LearnedModelException("price of " + name, price.toString(), "0 or more");
            }
            prices[model] = price;
        }
        return prices;
    }

    private int[] parts(int size) {
        int[] order = IntStream.range(0, size).toArray();
        new TrainingRandom(seed).shuffle(order);
        int[] part = new int[size];
        for (int i = 0; i < size; i++) {
            part[order[i]] = i % PARTS;
        }
        return part;
    }

    private static double[] means(double[][] qualities) {
        double[] means = new double[qualities[0].length];
        for (double[] row : qualities) {
            for (int model = 0; model < means.length; model++) {
                means[model] += row[model] / qualities.length;
            }
        }
        return means;
    }

    private QualityModel.Parts train(Rows all, int[] used) {
        float[][] features =
                Arrays.stream(used).mapToObj(row -> all.features[row]).toArray(float[][]::new);
        int[][] slots = Arrays.stream(used).mapToObj(row -> all.slots[row]).toArray(int[][]::new);
        double[][] qualities =
                Arrays.stream(used).mapToObj(row -> all.qualities[row]).toArray(double[][]::new);
        int[] task = Arrays.stream(used).map(row -> all.task[row]).toArray();
        int tasks = all.tasks.size();
        double[][] means = taskMeans(task, tasks, qualities);
        double[][] rest = new double[used.length][means[0].length];
        for (int row = 0; row < used.length; row++) {
            for (int model = 0; model < rest[row].length; model++) {
                rest[row][model] = qualities[row][model] - means[task[row]][model];
            }
        }
        BitSet seen = new BitSet(WordModel.SLOTS);
        for (int[] row : slots) {
            for (int slot : row) {
                seen.set(slot);
            }
        }
        BinnedRows binned = new BinnedRows(features);
        return new QualityModel.Parts(
                means,
                WordTable.ofClasses(slots, task, tasks, EPOCHS, new TrainingRandom(seed)::below),
                VectorForestTrainer.train(
                        binned,
                        VectorForestTrainer.Target.ofClasses(task, tasks),
                        TREES,
                        TASK_LEAF,
                        SHARE,
                        new TrainingRandom(seed)::below),
                WordTable.ofNumbers(slots, rest, EPOCHS, new TrainingRandom(seed)::below),
                VectorForestTrainer.train(
                        binned,
                        VectorForestTrainer.Target.of(rest),
                        TREES,
                        LEAF,
                        SHARE,
                        new TrainingRandom(seed)::below),
                seen);
    }

    private static double[][] taskMeans(int[] task, int tasks, double[][] qualities) {
        double[] overall = means(qualities);
        double[][] sums = new double[tasks][overall.length];
        double[] counts = new double[tasks];
        for (int row = 0; row < task.length; row++) {
            counts[task[row]]++;
            for (int model = 0; model < overall.length; model++) {
                sums[task[row]][model] += qualities[row][model];
            }
        }
        for (int each = 0; each < tasks; each++) {
            for (int model = 0; model < overall.length; model++) {
                sums[each][model] = (sums[each][model] + PRIOR * overall[model]) / (counts[each] + PRIOR);
            }
        }
        return sums;
    }

    /**
     * How much of what words and shape add is believed: least squares over all models together. What a model is better at than at others is what
     * counts for a choice, so what they have in common is left out.
     */
    private static double[] weights(double[][][] predictions, double[][] qualities) {
        double[][] matrix = new double[2][2];
        double[] right = new double[2];
        int models = qualities[0].length;
        for (int row = 0; row < qualities.length; row++) {
            double[] words = centred(predictions[row][1]);
            double[] shapes = centred(predictions[row][2]);
            double[] missing = new double[models];
            for (int model = 0; model < models; model++) {
                missing[model] = qualities[row][model] - predictions[row][0][model];
            }
            missing = centred(missing);
            for (int model = 0; model < models; model++) {
                matrix[0][0] += words[model] * words[model];
                matrix[1][0] += shapes[model] * words[model];
                matrix[1][1] += shapes[model] * shapes[model];
                right[0] += words[model] * missing[model];
                right[1] += shapes[model] * missing[model];
            }
        }
        matrix[0][0] += 1e-9;
        matrix[1][1] += 1e-9;
        double[] weights = LinearModel.solve(matrix, right);
        for (int part = 0; part < weights.length; part++) {
            weights[part] = Math.max(0, Math.min(1, weights[part]));
        }
        return weights;
    }

    private static double[] centred(double[] values) {
        double mean = Arrays.stream(values).sum() / values.length;
        return Arrays.stream(values).map(value -> value - mean).toArray();
    }

    /** The outcomes as numbers. */
    private static final class Rows {

        private final List<String> models;
        private final List<String> tasks;
        private final float[][] features;
        private final int[][] slots;
        private final int[] task;
        private final double[][] qualities;

        Rows(List<QualityOutcome> outcomes) {
            int size = outcomes.size();
            models = List.copyOf(outcomes.get(0).qualities().keySet());
            tasks = new ArrayList<>(new TreeSet<>(
                    outcomes.stream().map(each -> each.task().orElse("")).toList()));
            limit("models", models.size(), 2, QualityModel.MOST_MODELS);
            limit("tasks", tasks.size(), 1, QualityModel.MOST_TASKS);
            features = new float[size][];
            slots = new int[size][];
            task = new int[size];
            qualities = new double[size][];
            boolean differ = false;
            for (int row = 0; row < size; row++) {
                QualityOutcome outcome = outcomes.get(row);
                if (!List.copyOf(outcome.qualities().keySet()).equals(models)) {
                    throw new LearnedModelException(
                            "models of row " + (row + 1),
                            outcome.qualities().keySet().toString(),
                            models + " as in the first row");
                }
                PromptShape shape = PromptShape.of(outcome.prompt());
                features[row] = shape.features();
                slots[row] = shape.slots();
                task[row] = tasks.indexOf(outcome.task().orElse(""));
                qualities[row] = outcome.qualities().values().stream()
                        .mapToDouble(Double::doubleValue)
                        .toArray();
                double first = qualities[row][0];
                differ |= Arrays.stream(qualities[row]).anyMatch(each -> each != first);
            }
            if (!differ) {
                throw new LearnedModelException(
                        "qualities", "equal for all models in every row", "rows in which the models differ");
            }
        }

        private static void limit(String field, int count, int least, int most) {
            if (count < least || count > most) {
                throw new LearnedModelException(field, Integer.toString(count), least + " to " + most);
            }
        }

        int size() {
            return task.length;
        }
    }
}

package dev.architect.router.learned;

import dev.architect.router.regression.BinnedRows;
import dev.architect.router.regression.BoostingTrainer;
import dev.architect.router.regression.ForestTrainer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Trains an {@link AnswerModel} on recorded outcomes with the answers of the weak model. The same outcomes with the same seed give the same
 * bytes. Immutable.
 */
public final class AnswerModelTrainer {

    private static final int PARTS = 5;
    private static final int FOREST_TREES = 200;
    private static final int FOREST_LEAF = 5;
    private static final int BOOSTED_LEAF = 10;
    private static final double FOREST_SHARE = 0.4;
    private static final int BOOSTED_TREES = 80;
    private static final int BOOSTED_LEAVES = 6;
    private static final double BOOSTED_RATE = 0.05;
    private static final double RIDGE = 40;

    private final long seed;
    private final boolean hasForm;

    private AnswerModelTrainer(long seed, boolean hasForm) {
        this.seed = seed;
        this.hasForm = hasForm;
    }

    /** Returns a trainer. */
    public static AnswerModelTrainer withSeed(long seed) {
        return new AnswerModelTrainer(seed, true);
    }

    /** Returns a trainer that leaves out how an answer ends: its marker, whole numbers, and whether it was cut off. */
    public AnswerModelTrainer withoutForm() {
        return new AnswerModelTrainer(seed, false);
    }

    /**
     * Trains a model.
     *
     * @throws LearnedModelException when there are too few outcomes, one lacks its answer, or all answers are right or all are wrong
     */
    public AnswerModel train(List<RoutingOutcome> outcomes) {
        ModelChecks.noNulls("outcomes", outcomes);
        int n = outcomes.size();
        if (n < RoutingModelTrainer.LEAST_ROWS) {
            throw new LearnedModelException("rows", Integer.toString(n), "at least " + RoutingModelTrainer.LEAST_ROWS);
        }
        float[][] rows = new float[n][];
        double[] wrong = new double[n];
        for (int row = 0; row < n; row++) {
            RoutingOutcome outcome = outcomes.get(row);
            int number = row + 1;
            String answer = outcome.weakAnswer()
                    .orElseThrow(() ->
                            new LearnedModelException("answer of row " + number, "missing", "the weak model's answer"));
            rows[row] = AnswerModel.features(hasForm, outcome.prompt(), answer);
            wrong[row] = 1 - outcome.weak();
        }
        double first = wrong[0];
        if (Arrays.stream(wrong).allMatch(each -> each == first)) {
            throw new LearnedModelException(
                    "weak", 1 - first + " in every row", "rows in which the weak model is right and rows in which not");
        }
        double[] scores = scoresOfUnseen(rows, wrong);
        double[] strong = outcomes.stream().mapToDouble(RoutingOutcome::strong).toArray();
        double[] weak = outcomes.stream().mapToDouble(RoutingOutcome::weak).toArray();
        return model(rows, wrong, Calibration.fit(scores, wrong), QualityDial.of(scores, strong, weak));
    }

    private double[] scoresOfUnseen(float[][] rows, double[] wrong) {
        int n = rows.length;
        int[] order = IntStream.range(0, n).toArray();
        new TrainingRandom(seed).shuffle(order);
        double[] scores = new double[n];
        // Neither is used by what is scored with: they are fitted to the scores afterwards.
        Calibration none = Calibration.fit(new double[] {0}, new double[] {0});
        QualityDial noDial = QualityDial.of(new double[] {0}, new double[] {1}, new double[] {0});
        for (int held = 0; held < PARTS; held++) {
            int part = held;
            int[] others = IntStream.range(0, n)
                    .filter(i -> i % PARTS != part)
                    .map(i -> order[i])
                    .toArray();
            AnswerModel model = model(
                    Arrays.stream(others).mapToObj(row -> rows[row]).toArray(float[][]::new),
                    Arrays.stream(others).mapToDouble(row -> wrong[row]).toArray(),
                    none,
                    noDial);
            for (int i = held; i < n; i += PARTS) {
                scores[order[i]] = model.score(rows[order[i]]);
            }
        }
        return scores;
    }

    private AnswerModel model(float[][] rows, double[] wrong, Calibration calibration, QualityDial dial) {
        BinnedRows binned = new BinnedRows(rows);
        float[][] ofAnswers = Arrays.stream(rows)
                .map(row -> Arrays.copyOf(row, AnswerModel.answerFeatures(hasForm)))
                .toArray(float[][]::new);
        return new AnswerModel(
                hasForm,
                LogisticModel.train(ofAnswers, wrong, RIDGE),
                ForestTrainer.train(
                        binned, wrong, FOREST_TREES, FOREST_LEAF, FOREST_SHARE, new TrainingRandom(seed)::below),
                BoostingTrainer.train(binned, wrong, BOOSTED_TREES, BOOSTED_LEAVES, BOOSTED_RATE, BOOSTED_LEAF),
                calibration,
                dial,
                rows.length);
    }
}

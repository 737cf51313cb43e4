package dev.architect.router.learned;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Trains a {@link RoutingModel} on recorded outcomes. The same outcomes in the same order with the same seed give the same bytes. Immutable.
 *
 * <p>The target is what the strong model gains. Scores of rows that a model has not seen, from three parts of the rows in turn, give
 * the weights of the parts, the calibration, the dial, and what counts as familiar. How closely the parts follow their rows goes by the number of
 * rows.
 */
public final class RoutingModelTrainer {

    /** Fewer outcomes are not learned from. */
    public static final int LEAST_ROWS = 200;

    private static final int PARTS = 3;
    /** For new kinds: the forest, and half as much of the length. What is learned of words is of their own kind. */
    private static final double[] NEW_KINDS = {1, 0, 0, 0, 0.5};

    private final long seed;
    private final Goal goal;

    private RoutingModelTrainer(long seed, Goal goal) {
        this.seed = seed;
        this.goal = goal;
    }

    /** Which prompts the model is for. */
    public enum Goal {
        /** Those of the kinds that the outcomes are of. */
        KNOWN_KINDS,
        /**
         * Those of other kinds, such as new subjects: what a kind gains as a whole is no part of the target, and the length of the prompt
         * is a part of the score. The outcomes must name their groups.
         */
        NEW_KINDS
    }

    /** Returns a trainer for prompts of the kinds that the outcomes are of. */
    public static RoutingModelTrainer withSeed(long seed) {
        return new RoutingModelTrainer(seed, Goal.KNOWN_KINDS);
    }

    /** Returns the same trainer with another goal. */
    public RoutingModelTrainer goal(Goal other) {
        return new RoutingModelTrainer(seed, ModelChecks.notNull("goal", other));
    }

    /**
     * Trains a model; nine thousand outcomes take some seconds.
     *
     * @throws LearnedModelException when there are fewer than {@value #LEAST_ROWS} outcomes, or the models are equally good on all
     */
    public RoutingModel train(List<RoutingOutcome> outcomes) {
        ModelChecks.noNulls("outcomes", outcomes);
        check(outcomes);
        LearningRows rows = LearningRows.of(outcomes);
        int[] part = rows.parts(PARTS, goal == Goal.NEW_KINDS, seed);
        GainModel.Fit fit = GainModel.Fit.of(rows.size());
        double[][] predictions = new double[rows.size()][];
        double[] known = new double[rows.size()];
        for (int held = 0; held < PARTS; held++) {
            int current = held;
            int[] others = select(part, each -> each != current);
            if (others.length == 0 || others.length == part.length) {
                throw new LearnedModelException("groups", "fewer than " + PARTS, "at least " + PARTS);
            }
            LearningRows seen = rows.subset(others);
            GainModel model = GainModel.train(seen, target(seen), fit, seed);
            for (int row : select(part, each -> each == current)) {
                predictions[row] = model.parts(rows.features()[row], rows.slots()[row], rows.lengths()[row]);
                known[row] = model.known(rows.slots()[row]);
            }
        }
        Blend blend =
                goal == Goal.NEW_KINDS ? Blend.fixed(predictions, NEW_KINDS) : Blend.fit(predictions, rows.gains());
        double[] scores = Arrays.stream(predictions).mapToDouble(blend::value).toArray();
        double[] wrong = Arrays.stream(rows.weak()).map(quality -> 1 - quality).toArray();
        return new RoutingModel(
                GainModel.train(rows, target(rows), fit, seed),
                blend,
                SourceCheck.of(rows.features(), known),
                RankTable.of(scores),
                Calibration.fit(scores, wrong),
                QualityDial.of(scores, rows.strong(), rows.weak()),
                rows.size());
    }

    private void check(List<RoutingOutcome> outcomes) {
        if (outcomes.size() < LEAST_ROWS) {
            throw new LearnedModelException("rows", Integer.toString(outcomes.size()), "at least " + LEAST_ROWS);
        }
        double first = outcomes.get(0).gain();
        if (outcomes.stream().allMatch(outcome -> outcome.gain() == first)) {
            throw new LearnedModelException(
                    "strong - weak", first + " in every row", "rows in which the models differ and rows in which not");
        }
        if (goal == Goal.NEW_KINDS
                && outcomes.stream().anyMatch(outcome -> outcome.group().isEmpty())) {
            throw new LearnedModelException("group", "empty", "a group in every row");
        }
    }

    private double[] target(LearningRows rows) {
        return goal == Goal.NEW_KINDS ? rows.centredGains() : rows.gains();
    }

    private static int[] select(int[] part, IntPredicate which) {
        int[] rows = new int[part.length];
        int count = 0;
        for (int row = 0; row < part.length; row++) {
            if (which.test(part[row])) {
                rows[count++] = row;
            }
        }
        return Arrays.copyOf(rows, count);
    }
}

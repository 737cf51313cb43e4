package dev.architect.router.evaluation;

import dev.architect.router.learned.RoutingOutcome;
import dev.architect.router.learned.TrainingRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Scores every outcome by a model that was trained on the others, a fifth at a time. Immutable. */
public final class CrossValidation {

    /** How many folds there are. */
    public static final int FOLDS = 5;

    private final List<RoutingOutcome> outcomes;

    /** Takes the outcomes. */
    public CrossValidation(List<RoutingOutcome> outcomes) {
        this.outcomes = List.copyOf(EvaluationChecks.noNulls("outcomes", outcomes));
    }

    /** Trains on some outcomes and returns what scores others. */
    @FunctionalInterface
    public interface Method {
        /** Trains; everything that is learned is learned from {@code training}. */
        ToDoubleFunction<RoutingOutcome> train(List<RoutingOutcome> training, long seed);
    }

    /** Returns the scores, with rows in folds at random. */
    public double[] scores(Method method, long seed) {
        return scores(method, seed, folds(outcomes.size(), seed), false);
    }

    /** Returns for each of so many rows its fold, from 0 to {@value #FOLDS} - 1, at random. */
    public static int[] folds(int rows, long seed) {
        int[] order = shuffled(rows, seed);
        int[] fold = new int[rows];
        for (int i = 0; i < rows; i++) {
            fold[order[i]] = i % FOLDS;
        }
        return fold;
    }

    /** Returns the scores with each group in one fold, as quantiles of their fold. */
    public double[] groupedScores(Method method, long seed) {
        Map<String, Integer> groups = new LinkedHashMap<>();
        outcomes.forEach(outcome -> groups.putIfAbsent(outcome.group().orElse(""), 0));
        List<String> names = new ArrayList<>(groups.keySet());
        int[] order = shuffled(names.size(), seed);
        for (int i = 0; i < order.length; i++) {
            groups.put(names.get(order[i]), i % FOLDS);
        }
        int[] fold = outcomes.stream()
                .mapToInt(outcome -> groups.getOrDefault(outcome.group().orElse(""), 0))
                .toArray();
        return scores(method, seed, fold, true);
    }

    private static int[] shuffled(int count, long seed) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            order[i] = i;
        }
        new TrainingRandom(seed).shuffle(order);
        return order;
    }

    private double[] scores(Method method, long seed, int[] fold, boolean asQuantiles) {
        double[] scores = new double[fold.length];
        for (int held = 0; held < FOLDS; held++) {
            List<RoutingOutcome> training = new ArrayList<>();
            List<Integer> tested = new ArrayList<>();
            for (int row = 0; row < fold.length; row++) {
                if (fold[row] == held) {
                    tested.add(row);
                } else {
                    training.add(outcomes.get(row));
                }
            }
            ToDoubleFunction<RoutingOutcome> model = method.train(training, seed);
            for (int row : tested) {
                scores[row] = model.applyAsDouble(outcomes.get(row));
            }
            if (asQuantiles) {
                double[] sorted =
                        tested.stream().mapToDouble(row -> scores[row]).sorted().toArray();
                for (int row : tested) {
                    scores[row] = (Arrays.binarySearch(sorted, scores[row]) + 0.5) / sorted.length;
                }
            }
        }
        return scores;
    }
}

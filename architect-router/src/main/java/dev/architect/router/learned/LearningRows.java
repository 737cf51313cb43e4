package dev.architect.router.learned;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The prompts of outcomes as a trainer sees them. */
final class LearningRows {

    private final float[][] features;
    private final int[][] slots;
    private final double[] lengths;
    private final double[] gains;
    private final double[] strong;
    private final double[] weak;
    private final String[] groups;

    private LearningRows(int size) {
        features = new float[size][];
        slots = new int[size][];
        lengths = new double[size];
        gains = new double[size];
        strong = new double[size];
        weak = new double[size];
        groups = new String[size];
    }

    static LearningRows of(List<RoutingOutcome> outcomes) {
        LearningRows rows = new LearningRows(outcomes.size());
        for (int row = 0; row < outcomes.size(); row++) {
            RoutingOutcome outcome = outcomes.get(row);
            PromptShape shape = PromptShape.of(outcome.prompt());
            rows.features[row] = shape.features();
            rows.slots[row] = shape.slots();
            rows.lengths[row] = PromptShape.length(outcome.prompt());
            rows.gains[row] = outcome.gain();
            rows.strong[row] = outcome.strong();
            rows.weak[row] = outcome.weak();
            rows.groups[row] = outcome.group().orElse("");
        }
        return rows;
    }

    LearningRows subset(int[] of) {
        LearningRows rows = new LearningRows(of.length);
        for (int row = 0; row < of.length; row++) {
            rows.features[row] = features[of[row]];
            rows.slots[row] = slots[of[row]];
            rows.lengths[row] = lengths[of[row]];
            rows.gains[row] = gains[of[row]];
            rows.strong[row] = strong[of[row]];
            rows.weak[row] = weak[of[row]];
            rows.groups[row] = groups[of[row]];
        }
        return rows;
    }

    int size() {
        return gains.length;
    }

    float[][] features() {
        return features;
    }

    int[][] slots() {
        return slots;
    }

    double[] lengths() {
        return lengths;
    }

    double[] gains() {
        return gains;
    }

    double[] strong() {
        return strong;
    }

    double[] weak() {
        return weak;
    }

    /** The gains less the mean gain of the group. */
    double[] centredGains() {
        Map<String, double[]> sums = new HashMap<>();
        for (int row = 0; row < gains.length; row++) {
            double[] sum = sums.computeIfAbsent(groups[row], group -> new double[2]);
            sum[0] += gains[row];
            sum[1]++;
        }
        double[] centred = new double[gains.length];
        for (int row = 0; row < gains.length; row++) {
            double[] sum = sums.getOrDefault(groups[row], new double[] {0, 1});
            centred[row] = gains[row] - sum[0] / sum[1];
        }
        return centred;
    }

    /** A part of 0 to {@code parts - 1} for each row; with {@code byGroup} a group is in one part. */
    int[] parts(int parts, boolean byGroup, long seed) {
        int[] part = new int[size()];
        if (!byGroup) {
            int[] order = new int[size()];
            for (int i = 0; i < order.length; i++) {
                order[i] = i;
            }
            new TrainingRandom(seed).shuffle(order);
            for (int i = 0; i < order.length; i++) {
                part[order[i]] = i % parts;
            }
            return part;
        }
        Map<String, Integer> numbers = new HashMap<>();
        for (String group : groups) {
            numbers.putIfAbsent(group, numbers.size());
        }
        int[] order = new int[numbers.size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        new TrainingRandom(seed).shuffle(order);
        for (int row = 0; row < part.length; row++) {
            part[row] = order[numbers.getOrDefault(groups[row], 0)] % parts;
        }
        return part;
    }
}

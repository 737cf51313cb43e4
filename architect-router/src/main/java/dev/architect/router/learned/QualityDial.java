package dev.architect.router.learned;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Where to send prompts to the strong model so that the mix reaches a part of its quality, from rows that the scoring model had not seen.
 * Immutable.
 */
public final class QualityDial {

    private static final int STEPS = 100;

    private final double[] thresholds;
    private final double[] qualities;
    private final double strong;

    private QualityDial(double[] thresholds, double[] qualities, double strong) {
        this.thresholds = thresholds;
        this.qualities = qualities;
        this.strong = strong;
    }

    /**
     * A place of the dial.
     *
     * @param threshold prompts with at least this score go to the strong model
     * @param strongShare the share of prompts that do
     * @param quality the mean quality of the mix on the rows that it was learned from, 0 to 1
     * @param relativeQuality the same, as a part of the strong model's quality
     */
    public record Setting(double threshold, double strongShare, double quality, double relativeQuality) {

        /**
         * What the mix costs, as a part of the strong model alone, when a router decides before a call.
         *
         * @param weakPrice what the weak model costs, as a part of the strong model
         */
        public double routedCost(double weakPrice) {
            return strongShare + (1 - strongShare) * weakPrice;
        }

        /**
         * The same when the weak model is always asked first.
         *
         * @param weakPrice what the weak model costs, as a part of the strong model
         */
        public double cascadeCost(double weakPrice) {
            return strongShare + weakPrice;
        }
    }

    /**
     * Returns the dial of scores.
     *
     * @param scores one for each row, at least one row: the higher, the more the strong model is needed
     * @param strong the quality of the strong model's answer to each row, 0 to 1
     * @param weak the quality of the weak model's answer to each row, 0 to 1
     */
    public static QualityDial of(double[] scores, double[] strong, double[] weak) {
        int n = scores.length;
        if (n == 0 || strong.length != n || weak.length != n) {
            throw new LearnedModelException(
                    "rows",
                    n + ", " + strong.length + " and " + weak.length,
                    "as many scores as qualities, at least one");
        }
        Integer[] order = new Integer[n];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(row -> -scores[row]));
        double[] sums = new double[n + 1];
        for (double each : weak) {
            sums[0] += each;
        }
        for (int k = 0; k < n; k++) {
            sums[k + 1] = sums[k] + strong[order[k]] - weak[order[k]];
        }
        double[] thresholds = new double[STEPS + 1];
        double[] qualities = new double[STEPS + 1];
        for (int step = 0; step <= STEPS; step++) {
            int k = (int) Math.round((double) step / STEPS * n);
            thresholds[step] = step == 0
                    ? Math.nextUp(scores[order[0]])
                    : step == STEPS ? -Double.MAX_VALUE : scores[order[Math.max(0, k - 1)]];
            qualities[step] = sums[k] / n;
        }
        return new QualityDial(thresholds, qualities, sums[n] / n);
    }

    /**
     * Returns the setting with the fewest strong answers that reaches a part of the strong model's quality.
     *
     * @param part such as 0.95; when it is reached nowhere, everything goes to the strong model
     */
    public Setting forQuality(double part) {
        checkPart("part", part);
        for (int step = 0; step < STEPS; step++) {
            if (qualities[step] >= part * strong) {
                return setting(step);
            }
        }
        return setting(STEPS);
    }

    /**
     * Returns the setting of the best quality with at most a share of strong answers.
     *
     * @param strongShare 0 to 1
     */
    public Setting forShare(double strongShare) {
        checkPart("strongShare", strongShare);
        int best = 0;
        for (int step = 1; step <= strongShare * STEPS; step++) {
            best = qualities[step] > qualities[best] ? step : best;
        }
        return setting(best);
    }

    private static void checkPart(String field, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(field + " is " + value + ", expected 0 to 1");
        }
    }

    private Setting setting(int step) {
        return new Setting(
                thresholds[step], (double) step / STEPS, qualities[step], strong == 0 ? 1 : qualities[step] / strong);
    }

    void write(DataOutput out) throws IOException {
        out.writeDouble(strong);
        for (int step = 0; step <= STEPS; step++) {
            out.writeDouble(thresholds[step]);
            out.writeDouble(qualities[step]);
        }
    }

    static QualityDial read(DataInput in) throws IOException {
        double strong = ModelFile.finite("quality", in.readDouble());
        double[] thresholds = new double[STEPS + 1];
        double[] qualities = new double[STEPS + 1];
        for (int step = 0; step <= STEPS; step++) {
            thresholds[step] = ModelFile.finite("threshold", in.readDouble());
            qualities[step] = ModelFile.finite("quality", in.readDouble());
        }
        return new QualityDial(thresholds, qualities, strong);
    }
}

package dev.architect.router.evaluation;

import java.util.Arrays;
import java.util.Comparator;

/**
 * What a router makes of two models when it sends the share {@code x} of the prompts to the strong one, at eleven thresholds (the protocol of
 * RouteLLM; I. Ong et al., arXiv 2406.18665, {@code routellm/evals}). Equal scores go to the same model. Immutable.
 */
public final class RoutingCurve {

    private static final int THRESHOLDS = 10;

    private final double[] shares;
    private final double[] qualities;
    private final double strong;
    private final double weak;

    private RoutingCurve(double[] shares, double[] qualities, double strong, double weak) {
        this.shares = shares;
        this.qualities = qualities;
        this.strong = strong;
        this.weak = weak;
    }

    /**
     * Returns the curve of scores.
     *
     * @param scores one for each prompt; a higher one needs the strong model more
     * @param strong the quality of the strong model for each
     * @param weak the quality of the weak model for each
     */
    public static RoutingCurve of(double[] scores, double[] strong, double[] weak) {
        EvaluationChecks.notNull("scores", scores);
        EvaluationChecks.notNull("strong", strong);
        EvaluationChecks.notNull("weak", weak);
        int n = scores.length;
        if (n == 0 || strong.length != n || weak.length != n) {
            throw new IllegalArgumentException("scores, strong and weak have " + n + ", " + strong.length + " and "
                    + weak.length + " values, expected equally many, at least one");
        }
        int[] order = order(scores);
        double[] sorted = new double[n];
        double[] sortedStrong = new double[n];
        double[] sortedWeak = new double[n];
        for (int i = 0; i < n; i++) {
            sorted[i] = scores[order[i]];
            sortedStrong[i] = strong[order[i]];
            sortedWeak[i] = weak[order[i]];
        }
        return ofSorted(sorted, sortedStrong, sortedWeak);
    }

    static int[] order(double[] scores) {
        Integer[] order = new Integer[scores.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(row -> scores[row]));
        return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
    }

    /** The same for rows by ascending score. */
    static RoutingCurve ofSorted(double[] y, double[] strong, double[] weak) {
        int n = y.length;
        // Quality when the first k go to the weak model.
        double[] sums = new double[n + 1];
        for (double each : strong) {
            sums[0] += each;
        }
        for (int k = 0; k < n; k++) {
            sums[k + 1] = sums[k] + weak[k] - strong[k];
        }
        double[] shares = new double[THRESHOLDS + 1];
        double[] qualities = new double[THRESHOLDS + 1];
        for (int j = 0; j <= THRESHOLDS; j++) {
            double position = j / (double) THRESHOLDS * (n - 1);
            int low = (int) position;
            int high = Math.min(low + 1, n - 1);
            double threshold = y[low] + (y[high] - y[low]) * (position - low);
            int toWeak = j == THRESHOLDS ? n : firstAtLeast(y, threshold);
            // By ascending share.
            shares[THRESHOLDS - j] = 1 - (double) toWeak / n;
            qualities[THRESHOLDS - j] = sums[toWeak] / n;
        }
        return new RoutingCurve(shares, qualities, sums[0] / n, sums[n] / n);
    }

    private static int firstAtLeast(double[] y, double threshold) {
        int low = 0;
        int high = y.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (y[middle] >= threshold) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** The mean quality of the strong model alone. */
    public double strongQuality() {
        return strong;
    }

    /** The mean quality of the weak model alone. */
    public double weakQuality() {
        return weak;
    }

    /** The recovered part of the gap between the models, averaged over all shares (APGR): 0.5 for random scores. */
    public double recoveredGap() {
        double area = 0;
        for (int i = 1; i < shares.length; i++) {
            area += (shares[i] - shares[i - 1]) * (qualities[i] + qualities[i - 1]) / 2;
        }
        return (area - weak) / (strong - weak);
    }

    /** The smallest share of strong answers that recovers the part {@code p} of the gap (CPT). */
    public double shareFor(double p) {
        return shareAt(weak + p * (strong - weak));
    }

    /** The smallest share of strong answers at which the mix has a quality; 1 when it is reached nowhere. */
    public double shareAt(double quality) {
        if (qualities[0] >= quality) {
            return shares[0];
        }
        for (int i = 1; i < shares.length; i++) {
            if (qualities[i] >= quality) {
                double part = (quality - qualities[i - 1]) / (qualities[i] - qualities[i - 1]);
                return shares[i - 1] + part * (shares[i] - shares[i - 1]);
            }
        }
        return 1;
    }
}

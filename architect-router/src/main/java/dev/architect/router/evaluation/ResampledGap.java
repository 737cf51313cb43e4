package dev.architect.router.evaluation;

import dev.architect.router.learned.TrainingRandom;
import java.util.Arrays;
import java.util.List;

/**
 * The recovered gap of a router in resamples of the rows (bootstrap). Two routers over the same rows with the same seed have the same
 * resamples, so that the difference between them can be given an interval. Immutable.
 */
public final class ResampledGap {

    private static final int RESAMPLES = 1_000;
    private static final double TAIL = 0.025;
    private static final long SEED = 17;

    private final double[] gaps;

    private ResampledGap(double[] gaps) {
        this.gaps = gaps;
    }

    /**
     * A range.
     *
     * @param low the 2.5 % quantile
     * @param high the 97.5 % quantile
     */
    public record Interval(double low, double high) {}

    /**
     * Resamples the mean of several scorings of the same rows, such as those of several seeds.
     *
     * @param scorings the scores, a list for each seed
     */
    public static ResampledGap of(List<double[]> scorings, double[] strong, double[] weak) {
        EvaluationChecks.noNulls("scorings", scorings);
        double[] gaps = new double[RESAMPLES];
        for (double[] scores : scorings) {
            int n = scores.length;
            int[] order = RoutingCurve.order(scores);
            int[] counts = new int[n];
            double[] y = new double[n];
            double[] s = new double[n];
            double[] w = new double[n];
            TrainingRandom random = new TrainingRandom(SEED);
            for (int resample = 0; resample < RESAMPLES; resample++) {
                Arrays.fill(counts, 0);
                for (int i = 0; i < n; i++) {
                    counts[random.below(n)]++;
                }
                int at = 0;
                for (int row : order) {
                    for (int copy = counts[row]; copy > 0; copy--) {
                        y[at] = scores[row];
                        s[at] = strong[row];
                        w[at++] = weak[row];
                    }
                }
                gaps[resample] += RoutingCurve.ofSorted(y, s, w).recoveredGap() / scorings.size();
            }
        }
        return new ResampledGap(gaps);
    }

    /** The interval of the recovered gap. */
    public Interval interval() {
        return interval(gaps.clone());
    }

    /** The interval of the difference of this router to another over the same rows. */
    public Interval differenceTo(ResampledGap other) {
        double[] differences = new double[RESAMPLES];
        Arrays.setAll(differences, i -> gaps[i] - other.gaps[i]);
        return interval(differences);
    }

    private static Interval interval(double[] values) {
        // Where a resample of few rows leaves no gap between the models, there is no part of it.
        double[] finite =
                Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
        if (finite.length == 0) {
            return new Interval(Double.NaN, Double.NaN);
        }
        return new Interval(
                finite[(int) (TAIL * (finite.length - 1))], finite[(int) Math.ceil((1 - TAIL) * (finite.length - 1))]);
    }
}

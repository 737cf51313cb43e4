package dev.architect.router.learned;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Turns a score into a probability: the share of outcomes among those with about the same score, rising with it (isotonic regression by
 * pooling neighbours that fall; R. Barlow et al., 1972), drawn as a line between the means of the pools. Immutable.
 */
final class Calibration {

    private static final int MOST_POINTS = 64;

    private final double[] scores;
    private final double[] shares;

    private Calibration(double[] scores, double[] shares) {
        this.scores = scores;
        this.shares = shares;
    }

    /** Fits scores of rows that the scoring model has not seen. */
    static Calibration fit(double[] scores, double[] outcomes) {
        int n = scores.length;
        Integer[] order = new Integer[n];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(row -> scores[row]));
        // Groups of equal size first, so that no pool rests on a handful of rows.
        int points = Math.max(1, Math.min(MOST_POINTS, n / 50));
        double[] means = new double[points];
        double[] shares = new double[points];
        double[] sizes = new double[points];
        int pools = 0;
        for (int point = 0; point < points; point++) {
            int from = (int) ((long) point * n / points);
            int to = (int) ((long) (point + 1) * n / points);
            double sum = 0;
            double outcome = 0;
            for (int i = from; i < to; i++) {
                sum += scores[order[i]];
                outcome += outcomes[order[i]];
            }
            means[pools] = sum / (to - from);
            shares[pools] = outcome / (to - from);
            sizes[pools++] = to - from;
            while (pools > 1 && shares[pools - 2] >= shares[pools - 1]) {
                double size = sizes[pools - 2] + sizes[pools - 1];
                means[pools - 2] = (means[pools - 2] * sizes[pools - 2] + means[pools - 1] * sizes[pools - 1]) / size;
                shares[pools - 2] =
                        (shares[pools - 2] * sizes[pools - 2] + shares[pools - 1] * sizes[pools - 1]) / size;
                sizes[pools - 2] = size;
                pools--;
            }
        }
        return new Calibration(Arrays.copyOf(means, pools), Arrays.copyOf(shares, pools));
    }

    double probability(double score) {
        int last = scores.length - 1;
        if (score <= scores[0]) {
            return shares[0];
        }
        if (score >= scores[last]) {
            return shares[last];
        }
        int at = Arrays.binarySearch(scores, score);
        if (at >= 0) {
            return shares[at];
        }
        int high = -at - 1;
        double part = (score - scores[high - 1]) / (scores[high] - scores[high - 1]);
        return shares[high - 1] + part * (shares[high] - shares[high - 1]);
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(scores.length);
        for (int i = 0; i < scores.length; i++) {
            out.writeDouble(scores[i]);
            out.writeDouble(shares[i]);
        }
    }

    static Calibration read(DataInput in) throws IOException {
        int points = ModelFile.count("calibration points", in.readInt(), MOST_POINTS);
        if (points == 0) {
            throw new LearnedModelException("calibration points", "0", "at least 1");
        }
        double[] scores = new double[points];
        double[] shares = new double[points];
        for (int i = 0; i < points; i++) {
            scores[i] = ModelFile.finite("calibration score", in.readDouble());
            shares[i] = ModelFile.finite("calibration share", in.readDouble());
            if (i > 0 && scores[i] <= scores[i - 1]) {
                throw new LearnedModelException("calibration score", "not rising", "rising scores");
            }
        }
        return new Calibration(scores, shares);
    }
}

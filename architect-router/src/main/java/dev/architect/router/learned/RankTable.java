package dev.architect.router.learned;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * The rank of a value among those of the training rows, from 0 to 1, and the value at a rank. Both rise strictly, also outside the range that
 * was seen. Immutable.
 */
final class RankTable {

    private static final int POINTS = 128;
    private static final double EDGE = 0.01;

    private final double[] points;
    private final double spread;

    private RankTable(double[] points) {
        this.points = points;
        this.spread = Math.max(1e-9, points[points.length - 1] - points[0]);
    }

    static RankTable of(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double[] points = new double[POINTS];
        int count = 0;
        for (int point = 0; point < POINTS; point++) {
            double value = sorted[(int) ((long) point * (sorted.length - 1) / (POINTS - 1))];
            if (count == 0 || value > points[count - 1]) {
                points[count++] = value;
            }
        }
        return new RankTable(Arrays.copyOf(points, count));
    }

    double rank(double value) {
        int last = points.length - 1;
        if (value <= points[0]) {
            // Towards 0, the farther below the smallest.
            return EDGE / (1 + (points[0] - value) / spread);
        }
        if (value >= points[last]) {
            return 1 - EDGE / (1 + (value - points[last]) / spread);
        }
        int at = Arrays.binarySearch(points, value);
        int high = at >= 0 ? at + 1 : -at - 1;
        double part = (value - points[high - 1]) / (points[high] - points[high - 1]);
        return EDGE + (1 - 2 * EDGE) * (high - 1 + part) / last;
    }

    double value(double rank) {
        int last = points.length - 1;
        if (rank <= EDGE || last == 0) {
            return points[0] - spread * (EDGE / Math.max(1e-12, rank) - 1);
        }
        if (rank >= 1 - EDGE) {
            return points[last] + spread * (EDGE / Math.max(1e-12, 1 - rank) - 1);
        }
        double position = (rank - EDGE) / (1 - 2 * EDGE) * last;
        int low = Math.min(last - 1, (int) position);
        return points[low] + (position - low) * (points[low + 1] - points[low]);
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(points.length);
        for (double point : points) {
            out.writeDouble(point);
        }
    }

    static RankTable read(DataInput in) throws IOException {
        int count = ModelFile.count("ranks", in.readInt(), POINTS);
        if (count == 0) {
            throw new LearnedModelException("ranks", "0", "at least 1");
        }
        double[] points = new double[count];
        for (int i = 0; i < count; i++) {
            points[i] = ModelFile.finite("rank", in.readDouble());
            if (i > 0 && points[i] <= points[i - 1]) {
                throw new LearnedModelException("rank", "not rising", "rising values");
            }
        }
        return new RankTable(points);
    }
}

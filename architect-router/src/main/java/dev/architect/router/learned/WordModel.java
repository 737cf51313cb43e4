package dev.architect.router.learned;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * A linear model over the words and pairs of words of a prompt, by their hashes: ridge regression, solved by conjugate gradients. A
 * prompt is a row of length one in which every word it has counts the same, however often it occurs. Immutable.
 */
final class WordModel {

    private static final int BITS = 17;
    static final int SLOTS = 1 << BITS;

    private static final int STEPS = 40;
    private static final double TOLERANCE = 1e-8;

    private final double mean;
    private final float[] weights;

    private WordModel(double mean, float[] weights) {
        this.mean = mean;
        this.weights = weights;
    }

    static int slot(int hash) {
        int mixed = hash * 0x9e3779b1;
        return (mixed ^ (mixed >>> 15)) & (SLOTS - 1);
    }

    double predict(int[] slots) {
        double sum = 0;
        for (int slot : slots) {
            sum += weights[slot];
        }
        return mean + sum / Math.sqrt(slots.length + 1.0);
    }

    /** The share of the slots that some training row had. */
    double known(int[] slots) {
        int known = 0;
        for (int slot : slots) {
            known += weights[slot] != 0 ? 1 : 0;
        }
        return slots.length == 0 ? 1 : (double) known / slots.length;
    }

    /**
     * Solves (XᵀX + λI) w = Xᵀ(y - mean).
     *
     * @param slots for each row its distinct slots
     */
    static WordModel train(int[][] slots, double[] target, double lambda) {
        double mean = 0;
        for (double each : target) {
            mean += each / target.length;
        }
        // Only the slots that occur: most are empty when there are few rows.
        int[] places = new int[SLOTS];
        int used = 0;
        int[][] rows = new int[slots.length][];
        for (int row = 0; row < slots.length; row++) {
            rows[row] = new int[slots[row].length];
            for (int i = 0; i < rows[row].length; i++) {
                int slot = slots[row][i];
                if (places[slot] == 0) {
                    places[slot] = ++used;
                }
                rows[row][i] = places[slot] - 1;
            }
        }
        double[] weights = solve(rows, used, target, mean, lambda);
        float[] rounded = new float[SLOTS];
        for (int slot = 0; slot < SLOTS; slot++) {
            rounded[slot] = places[slot] == 0 ? 0 : (float) weights[places[slot] - 1];
        }
        return new WordModel(mean, rounded);
    }

    private static double[] solve(int[][] rows, int used, double[] target, double mean, double lambda) {
        double[] residual = new double[used];
        for (int row = 0; row < target.length; row++) {
            add(residual, rows[row], target[row] - mean);
        }
        double[] weights = new double[used];
        double[] direction = residual.clone();
        double[] image = new double[used];
        double norm = dot(residual, residual);
        double first = norm;
        for (int step = 0; step < STEPS && norm > TOLERANCE * first; step++) {
            for (int i = 0; i < used; i++) {
                image[i] = lambda * direction[i];
            }
            for (int[] row : rows) {
                add(image, row, value(direction, row));
            }
            double length = norm / dot(direction, image);
            for (int i = 0; i < used; i++) {
                weights[i] += length * direction[i];
                residual[i] -= length * image[i];
            }
            double next = dot(residual, residual);
            for (int i = 0; i < used; i++) {
                direction[i] = residual[i] + next / norm * direction[i];
            }
            norm = next;
        }
        return weights;
    }

    private static double value(double[] weights, int[] slots) {
        double sum = 0;
        for (int slot : slots) {
            sum += weights[slot];
        }
        return sum / Math.sqrt(slots.length + 1.0);
    }

    private static void add(double[] to, int[] slots, double value) {
        double share = value / Math.sqrt(slots.length + 1.0);
        for (int slot : slots) {
            to[slot] += share;
        }
    }

    private static double dot(double[] one, double[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += one[i] * other[i];
        }
        return sum;
    }

    void write(DataOutput out) throws IOException {
        out.writeDouble(mean);
        for (float weight : weights) {
            out.writeFloat(weight);
        }
    }

    static WordModel read(DataInput in) throws IOException {
        double mean = ModelFile.finite("mean", in.readDouble());
        float[] weights = new float[SLOTS];
        for (int i = 0; i < SLOTS; i++) {
            weights[i] = (float) ModelFile.finite("weight", in.readFloat());
        }
        return new WordModel(mean, weights);
    }
}

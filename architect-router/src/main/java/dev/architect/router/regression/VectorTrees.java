package dev.architect.router.regression;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Regression trees that predict several numbers at once; each prediction is the mean of one leaf of each tree. Leaves are kept in steps of a
 * hundred and twenty-seventh of the largest. Immutable and safe for use by several threads.
 */
public final class VectorTrees {

    private static final int MOST_LEAVES = 1_000_000;
    private static final int STEPS = 127;

    private final int outputs;
    /** The value of a leaf is its number. */
    private final Trees trees;

    private final float[] steps;
    private final byte[] leaves;

    private VectorTrees(int outputs, Trees trees, float[] steps, byte[] leaves) {
        this.outputs = outputs;
        this.trees = trees;
        this.steps = steps;
        this.leaves = leaves;
    }

    /**
     * Rounds leaves.
     *
     * @param trees their leaves' values are the numbers of leaves
     * @param values for each leaf its outputs
     */
    static VectorTrees of(int outputs, Trees trees, float[] values) {
        float[] steps = new float[outputs];
        for (int i = 0; i < values.length; i++) {
            steps[i % outputs] = Math.max(steps[i % outputs], Math.abs(values[i]) / STEPS);
        }
        byte[] leaves = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            float step = steps[i % outputs];
            leaves[i] = (byte) (step == 0 ? 0 : Math.round(values[i] / step));
        }
        return new VectorTrees(outputs, trees, steps, leaves);
    }

    /** The predictions for a row of features. */
    public double[] predict(float[] row) {
        int[] sums = new int[outputs];
        int count = trees.trees();
        for (int tree = 0; tree < count; tree++) {
            int at = (int) trees.leaf(tree, row) * outputs;
            for (int output = 0; output < outputs; output++) {
                sums[output] += leaves[at + output];
            }
        }
        double[] predictions = new double[outputs];
        for (int output = 0; output < outputs; output++) {
            predictions[output] = (double) steps[output] * sums[output] / Math.max(1, count);
        }
        return predictions;
    }

    /** Writes the trees. */
    public void write(DataOutput out) throws IOException {
        trees.write(out);
        out.writeInt(leaves.length / outputs);
        for (float step : steps) {
            out.writeFloat(step);
        }
        out.write(leaves);
    }

    /** Reads trees over so many features with so many outputs, which a {@link ModelFormatException} says is not possible. */
    public static VectorTrees read(DataInput in, int featureCount, int outputs) throws IOException {
        Trees trees = Trees.read(in, featureCount);
        int count = ModelFormatException.count("leaves", in.readInt(), MOST_LEAVES);
        if (count != trees.leaves()) {
            throw new ModelFormatException("leaves", Integer.toString(count), Integer.toString(trees.leaves()));
        }
        trees.checkNumberedLeaves();
        float[] steps = new float[outputs];
        for (int output = 0; output < outputs; output++) {
            steps[output] = ModelFormatException.finite("step", in.readFloat());
        }
        byte[] leaves = new byte[Math.multiplyExact(count, outputs)];
        in.readFully(leaves);
        return new VectorTrees(outputs, trees, steps, leaves);
    }
}

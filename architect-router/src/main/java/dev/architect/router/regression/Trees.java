package dev.architect.router.regression;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Regression trees in flat arrays; the prediction is the sum of one leaf of each tree. A node's left child stands behind it. Values of a
 * row that are at most the threshold go left. Immutable and safe for use by several threads.
 */
public final class Trees {

    /** In place of a feature: the node is a leaf. */
    static final int LEAF = 255;

    private static final int MOST_NODES = 1_000_000;

    private final byte[] features;
    /** The threshold of an inner node, the value of a leaf. */
    private final float[] values;

    private final int[] rights;
    private final int[] roots;
    private final double base;

    private Trees(double base, byte[] features, float[] values, int[] rights, int[] roots) {
        this.base = base;
        this.features = features;
        this.values = values;
        this.rights = rights;
        this.roots = roots;
    }

    /** The sum of the leaves that a row falls in. */
    public double predict(float[] row) {
        double sum = base;
        for (int tree = 0; tree < roots.length; tree++) {
            sum += leaf(tree, row);
        }
        return sum;
    }

    int trees() {
        return roots.length;
    }

    int leaves() {
        int leaves = 0;
        for (byte feature : features) {
            leaves += (feature & 0xff) == LEAF ? 1 : 0;
        }
        return leaves;
    }

    /** Checks that the values of the leaves are their numbers, in order. */
    void checkNumberedLeaves() throws ModelFormatException {
        int next = 0;
        for (int node = 0; node < features.length; node++) {
            if ((features[node] & 0xff) == LEAF && values[node] != next++) {
                throw new ModelFormatException("leaf", Float.toString(values[node]), Integer.toString(next - 1));
            }
        }
    }

    /** The value of the leaf of one tree that a row falls in. */
    float leaf(int tree, float[] row) {
        int node = roots[tree];
        int feature = features[node] & 0xff;
        while (feature != LEAF) {
            node = row[feature] <= values[node] ? node + 1 : rights[node];
            feature = features[node] & 0xff;
        }
        return values[node];
    }

    /** Writes the trees. */
    public void write(DataOutput out) throws IOException {
        out.writeDouble(base);
        out.writeInt(roots.length);
        out.writeInt(features.length);
        for (int node = 0; node < features.length; node++) {
            out.writeByte(features[node]);
            out.writeFloat(values[node]);
        }
    }

    /** Reads trees over so many features, which a {@link ModelFormatException} says is not possible. */
    public static Trees read(DataInput in, int featureCount) throws IOException {
        double base = in.readDouble();
        if (!Double.isFinite(base)) {
            throw new ModelFormatException("base", Double.toString(base), "a finite number");
        }
        int trees = ModelFormatException.count("trees", in.readInt(), MOST_NODES);
        int nodes = ModelFormatException.count("nodes", in.readInt(), MOST_NODES);
        Builder builder = new Builder();
        for (int node = 0; node < nodes; node++) {
            int feature = in.readByte() & 0xff;
            if (feature != LEAF && feature >= featureCount) {
                throw new ModelFormatException("feature", Integer.toString(feature), "less than " + featureCount);
            }
            builder.add(feature, ModelFormatException.finite("node", in.readFloat()));
        }
        if (builder.missing != 0) {
            throw new ModelFormatException("trees", "cut off", "a leaf at the end of each branch");
        }
        Trees read = builder.build(base);
        if (read.roots.length != trees) {
            throw new ModelFormatException("trees", Integer.toString(read.roots.length), Integer.toString(trees));
        }
        return read;
    }

    /** Takes nodes in the order of a walk that goes left first. */
    static final class Builder {

        private static final int START = 256;

        private byte[] features = new byte[START];
        private float[] values = new float[START];
        private int size;
        /** Children of the tree at hand that are not there yet. */
        private int missing;

        void add(int feature, float value) {
            missing = (missing == 0 ? 1 : missing) + (feature == LEAF ? -1 : 1);
            if (size == features.length) {
                features = Arrays.copyOf(features, 2 * size);
                values = Arrays.copyOf(values, 2 * size);
            }
            features[size] = (byte) feature;
            values[size++] = value;
        }

        Trees build(double base) {
            int[] rights = new int[size];
            int[] open = new int[size + 1];
            int[] roots = new int[size];
            int trees = 0;
            int depth = 0;
            for (int node = 0; node < size; node++) {
                if (depth == 0) {
                    roots[trees++] = node;
                }
                if ((features[node] & 0xff) != LEAF) {
                    open[depth++] = node;
                    continue;
                }
                // The next node is the right child of the innermost one that still has none.
                while (depth > 0 && rights[open[depth - 1]] != 0) {
                    depth--;
                }
                if (depth > 0) {
                    rights[open[depth - 1]] = node + 1;
                }
            }
            return new Trees(
                    base,
                    Arrays.copyOf(features, size),
                    Arrays.copyOf(values, size),
                    rights,
                    Arrays.copyOf(roots, trees));
        }
    }
}

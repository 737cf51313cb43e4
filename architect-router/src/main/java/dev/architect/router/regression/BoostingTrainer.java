package dev.architect.router.regression;

import java.util.Arrays;

/**
 * Grows small trees one after the other, each on what those before it leave unexplained (gradient boosting with squared loss). A tree
 * grows at the leaf where a cut explains most, until it has its number of leaves. Of two children the smaller is counted, and the other is what
 * is left of their parent.
 */
public final class BoostingTrainer {

    private static final int BINS = BinnedRows.MOST_BINS;

    private final BinnedRows rows;
    private final int leastLeaf;
    private final double[] rest;
    private final int[] order;
    private final int[] space;
    /** What {@link #rest} is of the rows of a node, in their order. */
    private final double[] gathered;

    private BoostingTrainer(BinnedRows rows, double[] rest, int leastLeaf) {
        this.rows = rows;
        this.rest = rest;
        this.leastLeaf = leastLeaf;
        this.order = new int[rows.rows()];
        this.space = new int[rows.rows()];
        this.gathered = new double[rows.rows()];
    }

    /** A part of the rows, with the best cut of it. */
    private static final class Node {
        private final int from;
        private final int to;
        private double sum;
        private int feature = Trees.LEAF;
        private int bin;
        private double gain;
        private Node[] children = {};
        /** For each bin of each feature the sum and the number of its rows; empty for a node that is too small to be cut. */
        private double[] sums = {};

        private int[] counts = {};

        Node(int from, int to) {
            this.from = from;
            this.to = to;
        }

        int size() {
            return to - from;
        }
    }

    /**
     * Grows trees.
     *
     * @param leaves the most leaves of a tree
     * @param rate how much of what it explains a tree takes away
     * @param leastLeaf the fewest rows of a leaf
     */
    public static Trees train(BinnedRows rows, double[] target, int trees, int leaves, double rate, int leastLeaf) {
        double base = Arrays.stream(target).sum() / target.length;
        double[] rest = Arrays.stream(target).map(each -> each - base).toArray();
        BoostingTrainer trainer = new BoostingTrainer(rows, rest, leastLeaf);
        Trees.Builder builder = new Trees.Builder();
        for (int tree = 0; tree < trees; tree++) {
            trainer.emit(trainer.grow(leaves), rate, builder);
        }
        return builder.build(base);
    }

    private Node grow(int leaves) {
        for (int row = 0; row < order.length; row++) {
            order[row] = row;
        }
        Node root = new Node(0, order.length);
        count(root);
        look(root);
        Node[] open = new Node[leaves];
        open[0] = root;
        for (int count = 1; count < leaves; count++) {
            int best = 0;
            for (int i = 1; i < count; i++) {
                best = open[i].gain > open[best].gain ? i : best;
            }
            Node node = open[best];
            if (node.gain <= 0) {
                break;
            }
            int middle = BinnedRows.divide(order, space, node.from, node.to, rows.bins(node.feature), node.bin);
            Node left = new Node(node.from, middle);
            Node right = new Node(middle, node.to);
            node.children = new Node[] {left, right};
            boolean isLeftSmaller = left.size() <= right.size();
            Node smaller = isLeftSmaller ? left : right;
            count(smaller);
            takeFrom(node, smaller, isLeftSmaller ? right : left);
            look(left);
            look(right);
            open[best] = left;
            open[count] = right;
        }
        return root;
    }

    /** Counts the rows of a node by their bins. */
    private void count(Node node) {
        for (int i = node.from; i < node.to; i++) {
            gathered[i] = rest[order[i]];
            node.sum += gathered[i];
        }
        int features = rows.features();
        double[] sums = new double[features * BINS];
        int[] counts = new int[features * BINS];
        for (int feature = 0; feature < features; feature++) {
            byte[] bins = rows.bins(feature);
            int start = feature * BINS;
            for (int i = node.from; i < node.to; i++) {
                int at = start + bins[order[i]];
                sums[at] += gathered[i];
                counts[at]++;
            }
        }
        node.sums = sums;
        node.counts = counts;
    }

    /** Makes the counts of a parent those of its larger child. */
    private static void takeFrom(Node parent, Node smaller, Node larger) {
        larger.sum = parent.sum - smaller.sum;
        larger.sums = parent.sums;
        larger.counts = parent.counts;
        for (int i = 0; i < smaller.sums.length; i++) {
            larger.sums[i] -= smaller.sums[i];
            larger.counts[i] -= smaller.counts[i];
        }
        parent.sums = new double[0];
        parent.counts = new int[0];
    }

    private void look(Node node) {
        int count = node.size();
        if (count < 2 * leastLeaf) {
            return;
        }
        double whole = node.sum * node.sum / count + 1e-9;
        for (int feature = 0; feature < rows.features(); feature++) {
            int start = feature * BINS;
            int last = rows.binCount(feature) - 1;
            int left = 0;
            double leftSum = 0;
            for (int bin = 0; bin < last; bin++) {
                left += node.counts[start + bin];
                leftSum += node.sums[start + bin];
                int right = count - left;
                if (left >= leastLeaf && right >= leastLeaf) {
                    double rightSum = node.sum - leftSum;
                    double gain = leftSum * leftSum / left + rightSum * rightSum / right - whole;
                    if (gain > node.gain) {
                        node.gain = gain;
                        node.feature = feature;
                        node.bin = bin;
                    }
                }
            }
        }
    }

    private void emit(Node node, double rate, Trees.Builder builder) {
        if (node.children.length > 0) {
            builder.add(node.feature, rows.cut(node.feature, node.bin));
            emit(node.children[0], rate, builder);
            emit(node.children[1], rate, builder);
            return;
        }
        double value = rate * node.sum / node.size();
        builder.add(Trees.LEAF, (float) value);
        for (int i = node.from; i < node.to; i++) {
            rest[order[i]] -= value;
        }
    }
}

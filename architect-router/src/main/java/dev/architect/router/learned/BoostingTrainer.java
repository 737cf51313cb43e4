package dev.architect.router.learned;

import java.util.Arrays;

/**
 * Grows small trees one after the other, each on what those before it leave unexplained (gradient boosting with squared loss). A tree
 * grows at the leaf where a cut explains most, until it has its number of leaves.
 */
final class BoostingTrainer {

    private final BinnedRows rows;
    private final int leastLeaf;
    private final double[] rest;
    private final int[] order;
    private final int[] space;
    private final double[] sums = new double[BinnedRows.MOST_BINS];
    private final int[] counts = new int[BinnedRows.MOST_BINS];

    private BoostingTrainer(BinnedRows rows, double[] rest, int leastLeaf) {
        this.rows = rows;
        this.rest = rest;
        this.leastLeaf = leastLeaf;
        this.order = new int[rows.rows()];
        this.space = new int[rows.rows()];
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

        Node(int from, int to) {
            this.from = from;
            this.to = to;
        }
    }

    static Trees train(BinnedRows rows, double[] target, int trees, int leaves, double rate, int leastLeaf) {
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
            look(left);
            look(right);
            open[best] = left;
            open[count] = right;
        }
        return root;
    }

    private void look(Node node) {
        int count = node.to - node.from;
        for (int i = node.from; i < node.to; i++) {
            node.sum += rest[order[i]];
        }
        if (count < 2 * leastLeaf) {
            return;
        }
        double whole = node.sum * node.sum / count + 1e-9;
        for (int feature = 0; feature < rows.features(); feature++) {
            int binCount = rows.binCount(feature);
            Arrays.fill(sums, 0, binCount, 0);
            Arrays.fill(counts, 0, binCount, 0);
            byte[] bins = rows.bins(feature);
            for (int i = node.from; i < node.to; i++) {
                int row = order[i];
                int bin = bins[row];
                sums[bin] += rest[row];
                counts[bin]++;
            }
            int left = 0;
            double leftSum = 0;
            for (int bin = 0; bin < binCount - 1; bin++) {
                left += counts[bin];
                leftSum += sums[bin];
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
        double value = rate * node.sum / (node.to - node.from);
        builder.add(Trees.LEAF, (float) value);
        for (int i = node.from; i < node.to; i++) {
            rest[order[i]] -= value;
        }
    }
}

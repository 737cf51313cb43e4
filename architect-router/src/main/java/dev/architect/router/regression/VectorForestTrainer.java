package dev.architect.router.regression;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Grows extremely randomised trees as {@link ForestTrainer} does, for several targets at once: the cut that explains most of the variance of
 * all of them together divides the rows.
 */
public final class VectorForestTrainer {

    private static final int START = 1_024;

    private final BinnedRows rows;
    private final Target target;
    private final int outputs;
    private final int leastLeaf;
    private final int drawn;
    private final IntUnaryOperator random;
    private final int[] order;
    private final int[] kept;
    private final int[] features;
    private final double[] sums;
    private final double[] lefts;
    private final Trees.Builder builder = new Trees.Builder();
    private float[] leaves;
    private int leafCount;

    private VectorForestTrainer(BinnedRows rows, Target target, int leastLeaf, double share, IntUnaryOperator random) {
        this.rows = rows;
        this.target = target;
        this.outputs = target.outputs();
        this.leastLeaf = leastLeaf;
        this.drawn = Math.max(1, (int) (share * rows.features()));
        this.random = random;
        this.order = new int[rows.rows()];
        this.kept = new int[rows.rows()];
        this.features = new int[rows.features()];
        this.sums = new double[outputs];
        this.lefts = new double[outputs];
        this.leaves = new float[START * outputs];
    }

    /** What is predicted of each row. */
    public interface Target {

        /** How many numbers. */
        int outputs();

        /** Adds those of a row to sums. */
        void addTo(double[] sums, int row);

        /** Returns the target that is 1 for the class of a row and 0 for each other class. */
        static Target ofClasses(int[] classes, int count) {
            return new Target() {
                @Override
                public int outputs() {
                    return count;
                }

                @Override
                public void addTo(double[] sums, int row) {
                    sums[classes[row]]++;
                }
            };
        }

        /** Returns the target that is a row of numbers. */
        static Target of(double[][] values) {
            return new Target() {
                @Override
                public int outputs() {
                    return values[0].length;
                }

                @Override
                public void addTo(double[] sums, int row) {
                    double[] value = values[row];
                    for (int output = 0; output < value.length; output++) {
                        sums[output] += value[output];
                    }
                }
            };
        }
    }

    /**
     * Grows trees.
     *
     * @param leastLeaf the fewest rows of a leaf
     * @param share the share of the features that is drawn at each node
     * @param random a random number from 0 to just before its argument
     */
    public static VectorTrees train(
            BinnedRows rows, Target target, int trees, int leastLeaf, double share, IntUnaryOperator random) {
        VectorForestTrainer trainer = new VectorForestTrainer(rows, target, leastLeaf, share, random);
        Arrays.setAll(trainer.features, feature -> feature);
        for (int tree = 0; tree < trees; tree++) {
            Arrays.setAll(trainer.order, row -> row);
            trainer.grow(0, trainer.order.length);
        }
        return VectorTrees.of(
                trainer.outputs,
                trainer.builder.build(0),
                Arrays.copyOf(trainer.leaves, trainer.leafCount * trainer.outputs));
    }

    private void grow(int from, int to) {
        int count = to - from;
        Arrays.fill(sums, 0);
        for (int i = from; i < to; i++) {
            target.addTo(sums, order[i]);
        }
        double squares = 0;
        for (double sum : sums) {
            squares += sum * sum;
        }
        int bestFeature = -1;
        int bestBin = 0;
        double best = squares / count + 1e-9;
        for (int draw = 0; draw < drawn && count >= 2 * leastLeaf; draw++) {
            int other = draw + random.applyAsInt(features.length - draw);
            int feature = features[other];
            features[other] = features[draw];
            features[draw] = feature;
            byte[] bins = rows.bins(feature);
            int low = Integer.MAX_VALUE;
            int high = -1;
            for (int i = from; i < to; i++) {
                int bin = bins[order[i]];
                low = Math.min(low, bin);
                high = Math.max(high, bin);
            }
            if (low == high) {
                continue;
            }
            int cut = low + random.applyAsInt(high - low);
            double score = score(bins, cut, from, to);
            if (score > best) {
                best = score;
                bestFeature = feature;
                bestBin = cut;
            }
        }
        if (bestFeature < 0) {
            leaf(count);
            return;
        }
        builder.add(bestFeature, rows.cut(bestFeature, bestBin));
        int middle = BinnedRows.divide(order, kept, from, to, rows.bins(bestFeature), bestBin);
        grow(from, middle);
        grow(middle, to);
    }

    private double score(byte[] bins, int cut, int from, int to) {
        Arrays.fill(lefts, 0);
        int left = 0;
        for (int i = from; i < to; i++) {
            int row = order[i];
            if (bins[row] <= cut) {
                left++;
                target.addTo(lefts, row);
            }
        }
        int right = to - from - left;
        if (left < leastLeaf || right < leastLeaf) {
            return Double.NEGATIVE_INFINITY;
        }
        double ofLeft = 0;
        double ofRight = 0;
        for (int output = 0; output < outputs; output++) {
            double rest = sums[output] - lefts[output];
            ofLeft += lefts[output] * lefts[output];
            ofRight += rest * rest;
        }
        return ofLeft / left + ofRight / right;
    }

    private void leaf(int count) {
        if ((leafCount + 1) * outputs > leaves.length) {
            leaves = Arrays.copyOf(leaves, 2 * leaves.length);
        }
        for (int output = 0; output < outputs; output++) {
            leaves[leafCount * outputs + output] = (float) (sums[output] / count);
        }
        builder.add(Trees.LEAF, leafCount++);
    }
}

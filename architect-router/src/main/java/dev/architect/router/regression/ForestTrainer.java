package dev.architect.router.regression;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Grows extremely randomised trees (P. Geurts, D. Ernst, L. Wehenkel, Machine Learning 63, 2006): at each node a share of the features is
 * drawn, with one random cut each, and the cut that explains most of the variance divides the rows. The prediction is the mean.
 */
public final class ForestTrainer {

    private final BinnedRows rows;
    private final double[] target;
    private final int leastLeaf;
    private final int drawn;
    private final IntUnaryOperator random;
    private final int[] order;
    private final int[] kept;
    private final int[] features;
    /** The targets of the rows of a node, in their order. */
    private final double[] gathered;

    private final double[] binSums = new double[BinnedRows.MOST_BINS];
    private final int[] binCounts = new int[BinnedRows.MOST_BINS];
    private Trees.Builder builder = new Trees.Builder();
    private int trees;

    private ForestTrainer(BinnedRows rows, double[] target, int leastLeaf, double share, IntUnaryOperator random) {
        this.rows = rows;
        this.target = target;
        this.leastLeaf = leastLeaf;
        this.drawn = Math.max(1, (int) (share * rows.features()));
        this.random = random;
        this.order = new int[rows.rows()];
        this.kept = new int[rows.rows()];
        this.features = new int[rows.features()];
        this.gathered = new double[rows.rows()];
    }

    /**
     * Grows trees.
     *
     * @param leastLeaf the fewest rows of a leaf
     * @param share the share of the features that is drawn at each node
     * @param random a random number from 0 to just before its argument
     */
    public static Trees train(
            BinnedRows rows, double[] target, int trees, int leastLeaf, double share, IntUnaryOperator random) {
        ForestTrainer trainer = new ForestTrainer(rows, target, leastLeaf, share, random);
        trainer.trees = trees;
        for (int feature = 0; feature < trainer.features.length; feature++) {
            trainer.features[feature] = feature;
        }
        for (int tree = 0; tree < trees; tree++) {
            for (int row = 0; row < trainer.order.length; row++) {
                trainer.order[row] = row;
            }
            trainer.grow(0, trainer.order.length);
        }
        return trainer.builder.build(0);
    }

    private void grow(int from, int to) {
        int count = to - from;
        double sum = 0;
        for (int i = from; i < to; i++) {
            gathered[i] = target[order[i]];
            sum += gathered[i];
        }
        int bestFeature = -1;
        int bestBin = 0;
        double best = sum * sum / count + 1e-9;
        for (int draw = 0; draw < drawn && count >= 2 * leastLeaf; draw++) {
            int other = draw + random.applyAsInt(features.length - draw);
            int feature = features[other];
            features[other] = features[draw];
            features[draw] = feature;
            byte[] bins = rows.bins(feature);
            Arrays.fill(binSums, 0);
            Arrays.fill(binCounts, 0);
            for (int i = from; i < to; i++) {
                int bin = bins[order[i]];
                binSums[bin] += gathered[i];
                binCounts[bin]++;
            }
            int low = 0;
            while (binCounts[low] == 0) {
                low++;
            }
            int high = BinnedRows.MOST_BINS - 1;
            while (binCounts[high] == 0) {
                high--;
            }
            if (low == high) {
                continue;
            }
            int cut = low + random.applyAsInt(high - low);
            int left = 0;
            double leftSum = 0;
            for (int bin = low; bin <= cut; bin++) {
                left += binCounts[bin];
                leftSum += binSums[bin];
            }
            int right = count - left;
            if (left < leastLeaf || right < leastLeaf) {
                continue;
            }
            double rightSum = sum - leftSum;
            double score = leftSum * leftSum / left + rightSum * rightSum / right;
            if (score > best) {
                best = score;
                bestFeature = feature;
                bestBin = cut;
            }
        }
        if (bestFeature < 0) {
            builder.add(Trees.LEAF, (float) (sum / count / trees));
            return;
        }
        builder.add(bestFeature, rows.cut(bestFeature, bestBin));
        int middle = BinnedRows.divide(order, kept, from, to, rows.bins(bestFeature), bestBin);
        grow(from, middle);
        grow(middle, to);
    }
}

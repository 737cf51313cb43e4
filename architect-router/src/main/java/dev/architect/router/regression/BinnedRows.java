package dev.architect.router.regression;

import java.util.Arrays;

/** Rows of features, each value replaced by its bin, of which every feature has at most {@value #MOST_BINS}. */
public final class BinnedRows {

    static final int MOST_BINS = 64;

    private final byte[][] bins;
    private final float[][] cuts;
    private final int rows;

    /** Replaces the values, one row of features each. */
    public BinnedRows(float[][] values) {
        rows = values.length;
        int features = values[0].length;
        bins = new byte[features][rows];
        cuts = new float[features][];
        float[] column = new float[rows];
        for (int feature = 0; feature < features; feature++) {
            for (int row = 0; row < rows; row++) {
                column[row] = values[row][feature];
            }
            cuts[feature] = cuts(column);
            for (int row = 0; row < rows; row++) {
                bins[feature][row] = (byte) bin(cuts[feature], values[row][feature]);
            }
        }
    }

    /** Values of the column that divide it into parts of about equal size; a value equal to a cut is below it. */
    private static float[] cuts(float[] column) {
        float[] sorted = column.clone();
        Arrays.sort(sorted);
        float[] cuts = new float[MOST_BINS - 1];
        int count = 0;
        for (int part = 1; part < MOST_BINS; part++) {
            float cut = sorted[(int) ((long) part * sorted.length / MOST_BINS)];
            // Nothing is above the largest value.
            if (cut < sorted[sorted.length - 1] && (count == 0 || cut > cuts[count - 1])) {
                cuts[count++] = cut;
            }
        }
        // A rare value must be found too: the smallest is a cut when half of a bin or less is at it.
        if (count == 0 && sorted[0] < sorted[sorted.length - 1]) {
            cuts[count++] = sorted[0];
        }
        return Arrays.copyOf(cuts, count);
    }

    private static int bin(float[] cuts, float value) {
        int at = Arrays.binarySearch(cuts, value);
        return at >= 0 ? at : -at - 1;
    }

    int rows() {
        return rows;
    }

    int features() {
        return bins.length;
    }

    byte[] bins(int feature) {
        return bins[feature];
    }

    /** The largest value of a bin that is not the last. */
    float cut(int feature, int bin) {
        return cuts[feature][bin];
    }

    int binCount(int feature) {
        return cuts[feature].length + 1;
    }

    /** Puts the rows of {@code order} up to the bin first, in their order, and returns where the others start. */
    static int divide(int[] order, int[] space, int from, int to, byte[] bins, int bin) {
        int left = from;
        int right = 0;
        for (int i = from; i < to; i++) {
            int row = order[i];
            if (bins[row] <= bin) {
                order[left++] = row;
            } else {
                space[right++] = row;
            }
        }
        System.arraycopy(space, 0, order, left, right);
        return left;
    }
}

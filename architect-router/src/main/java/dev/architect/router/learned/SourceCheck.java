package dev.architect.router.learned;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Whether a prompt is of the kind that was learned from: it has as many options as some row had, most of its words and pairs were
 * seen, and few of its counts are outside the range of the rows. Immutable.
 */
final class SourceCheck {

    /** Of the rows themselves, each judged by a model that has not seen it, so many are taken for strangers by their words. */
    private static final double STRANGERS = 0.01;

    private static final int MOST_OUTSIDE = 3;

    private final float[] low;
    private final float[] high;
    private final int optionCounts;
    private final double leastKnown;

    private SourceCheck(float[] low, float[] high, int optionCounts, double leastKnown) {
        this.low = low;
        this.high = high;
        this.optionCounts = optionCounts;
        this.leastKnown = leastKnown;
    }

    /**
     * Learns the ranges.
     *
     * @param known for each row the share of its words that a model without it had seen
     */
    static SourceCheck of(float[][] rows, double[] known) {
        float[] low = rows[0].clone();
        float[] high = rows[0].clone();
        int[] counts = new int[Integer.SIZE];
        for (float[] row : rows) {
            for (int feature = 0; feature < row.length; feature++) {
                low[feature] = Math.min(low[feature], row[feature]);
                high[feature] = Math.max(high[feature], row[feature]);
            }
            counts[(int) row[PromptShape.FORM]]++;
        }
        int optionCounts = 0;
        for (int count = 0; count < counts.length; count++) {
            // One row in two hundred may have options by accident.
            optionCounts |= counts[count] * 200L > rows.length ? 1 << count : 0;
        }
        double[] sorted = known.clone();
        Arrays.sort(sorted);
        return new SourceCheck(low, high, optionCounts, sorted[(int) (STRANGERS * sorted.length)]);
    }

    boolean isFamiliar(float[] row, double known) {
        if ((optionCounts >>> (int) row[PromptShape.FORM] & 1) == 0 || known < leastKnown) {
            return false;
        }
        int outside = 0;
        for (int feature = 0; feature < row.length; feature++) {
            outside += row[feature] < low[feature] || row[feature] > high[feature] ? 1 : 0;
        }
        return outside <= MOST_OUTSIDE;
    }

    void write(DataOutput out) throws IOException {
        for (int feature = 0; feature < low.length; feature++) {
            out.writeFloat(low[feature]);
            out.writeFloat(high[feature]);
        }
        out.writeInt(optionCounts);
        out.writeDouble(leastKnown);
    }

    static SourceCheck read(DataInput in) throws IOException {
        float[] low = new float[PromptShape.FEATURES];
        float[] high = new float[PromptShape.FEATURES];
        for (int feature = 0; feature < low.length; feature++) {
            low[feature] = (float) ModelFile.finite("range", in.readFloat());
            high[feature] = (float) ModelFile.finite("range", in.readFloat());
        }
        return new SourceCheck(low, high, in.readInt(), ModelFile.finite("known", in.readDouble()));
    }
}

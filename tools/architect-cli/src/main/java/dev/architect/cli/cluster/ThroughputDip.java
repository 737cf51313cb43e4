package dev.architect.cli.cluster;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;

/**
 * How much less was done after a fault than before it, by those that the fault did not hit. What counts is the mean of some seconds, since single
 * ones differ by chance.
 *
 * @param percent the largest loss, of the mean before the fault; 0 when nothing was lost
 * @param length for how long, without a break, it was more than a tenth
 */
record ThroughputDip(double percent, Duration length) {

    /** No loss. */
    static final ThroughputDip NONE = new ThroughputDip(0, Duration.ZERO);

    private static final long MICROS = 1_000_000;
    private static final long STEP = MICROS / 4;
    private static final double NOTICED = 0.9;

    /**
     * Returns the dip between {@code fault} and {@code until}.
     *
     * @param ends when effects ended, in microseconds
     * @param from when the time before the fault begins that the rest is compared with, in microseconds
     * @param window over how much a mean is taken
     */
    static ThroughputDip of(Collection<Long> ends, long from, long fault, long until, Duration window) {
        long[] sorted = ends.stream().mapToLong(Long::longValue).sorted().toArray();
        long width = window.toNanos() / 1_000;
        double before = rate(sorted, from, fault);
        double lowest = before;
        long longest = 0;
        long since = -1;
        for (long begin = fault; begin + width <= until; begin += STEP) {
            double rate = rate(sorted, begin, begin + width);
            lowest = Math.min(lowest, rate);
            if (rate < before * NOTICED) {
                since = since < 0 ? begin : since;
                longest = Math.max(longest, begin + STEP - since);
            } else {
                since = -1;
            }
        }
        return before == 0 ? NONE : new ThroughputDip(100 * (1 - lowest / before), Duration.ofNanos(longest * 1_000));
    }

    /** How many ended in each microsecond from {@code from} on, before {@code to}. */
    private static double rate(long[] sorted, long from, long to) {
        return to <= from ? 0 : (double) (index(sorted, to) - index(sorted, from)) / (to - from);
    }

    /** How many are smaller than {@code value}. */
    private static int index(long[] sorted, long value) {
        int found = Arrays.binarySearch(sorted, value);
        if (found < 0) {
            return -found - 1;
        }
        int first = found;
        while (first > 0 && sorted[first - 1] == value) {
            first--;
        }
        return first;
    }
}

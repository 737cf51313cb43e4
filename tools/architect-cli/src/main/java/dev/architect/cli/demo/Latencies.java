package dev.architect.cli.demo;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Arrays;

/** Measured durations, in order. Immutable. */
final class Latencies {

    private static final int NANO_TO_MILLI_DIGITS = 6;
    private static final int SHOWN_DIGITS = 3;

    private final long[] sortedNanos;

    Latencies(long[] nanos) {
        this.sortedNanos = nanos.clone();
        Arrays.sort(sortedNanos);
    }

    /** Returns the duration that {@code percent} of all did not exceed (nearest rank), zero when there are none. */
    Duration percentile(int percent) {
        if (sortedNanos.length == 0) {
            return Duration.ZERO;
        }
        int rank = (int) ((sortedNanos.length * (long) percent + 99) / 100);
        return Duration.ofNanos(sortedNanos[Math.max(1, rank) - 1]);
    }

    /** Returns a duration in milliseconds with three decimal places. */
    static BigDecimal millis(Duration duration) {
        return BigDecimal.valueOf(duration.toNanos(), NANO_TO_MILLI_DIGITS)
                .setScale(SHOWN_DIGITS, RoundingMode.HALF_EVEN);
    }
}

package dev.architect.router.hedging;

import java.time.Duration;
import java.util.Arrays;

/**
 * How long the last calls to one model took until they were answered: a ring of the last {@value #SIZE}, of which a percentile is read. The
 * percentile is worked out anew after every eighth call. What is older than ten minutes counts no more once nothing newer came.
 *
 * <p>Primitives of a fixed size: neither recording nor reading allocates. Safe for use by several threads.
 */
final class LatencyEstimate {

    static final int SIZE = 256;
    private static final int FRESH_CALLS = 8;
    private static final int HUNDRED = 100;
    private static final long LIFETIME_NANOS = Duration.ofMinutes(10).toNanos();

    private final int percentile;
    private final int samples;
    private final long[] ring = new long[SIZE];
    private final long[] sorted = new long[SIZE];
    private int next;
    private int size;
    private int unread;
    private long lastAt;
    private long value;

    /** Reads {@code percentile} of at least {@code samples} calls. */
    LatencyEstimate(int percentile, int samples) {
        this.percentile = percentile;
        this.samples = samples;
    }

    /** A call was answered after {@code nanos}, or had not been after so long. */
    synchronized void record(long nanos, long now) {
        forgetOld(now);
        lastAt = now;
        ring[next] = nanos;
        next = (next + 1) % SIZE;
        size = Math.min(SIZE, size + 1);
        unread++;
    }

    /** Nanoseconds within which that part of the calls was answered; -1 when too few are known. */
    synchronized long nanos(long now) {
        forgetOld(now);
        if (size < samples) {
            return -1;
        }
        if (unread >= FRESH_CALLS || value == 0) {
            unread = 0;
            System.arraycopy(ring, 0, sorted, 0, size);
            Arrays.sort(sorted, 0, size);
            // Nearest rank.
            value = Math.max(1, sorted[(size * percentile + HUNDRED - 1) / HUNDRED - 1]);
        }
        return value;
    }

    private void forgetOld(long now) {
        if (size > 0 && now - lastAt > LIFETIME_NANOS) {
            size = 0;
            next = 0;
            unread = 0;
            value = 0;
        }
    }
}

package dev.architect.router.admission;

import dev.architect.router.policy.CircuitBreakerSettings;
import java.util.Arrays;

/**
 * How the last calls to a model ended: a ring of the last so many calls, and counts of the calls of the last so much time, in tenths of
 * it. Primitives of a fixed size; recording a call allocates nothing. Guarded by the lock of its owner.
 */
final class OutcomeWindows {

    private static final int HUNDRED = 100;
    private static final int PARTS = 10;
    private static final byte FAILED = 1;
    private static final byte SLOW = 2;

    private final CircuitBreakerSettings settings;
    private final byte[] last;
    private int next;
    private int calls;
    private int failures;
    private int slow;

    // By the part of the window in which the calls ended.
    private final int[] callsByPart = new int[PARTS];
    private final int[] failuresByPart = new int[PARTS];
    private final int[] slowByPart = new int[PARTS];
    /** Nanoseconds of a part; zero when there is no window in time. */
    private final long partNanos;

    private final long origin;
    private long part;

    OutcomeWindows(CircuitBreakerSettings settings, long now) {
        this.settings = settings;
        this.last = new byte[settings.calls()];
        // Rounded up, so that a window of a millisecond has parts as well.
        this.partNanos = (settings.window().toNanos() + PARTS - 1) / PARTS;
        this.origin = now;
    }

    /** A call ended at {@code now}; {@code hasFailed} and {@code wasSlow} may both hold. */
    void record(boolean hasFailed, boolean wasSlow, long now) {
        byte replaced = calls == last.length ? last[next] : 0;
        failures += (hasFailed ? 1 : 0) - ((replaced & FAILED) == 0 ? 0 : 1);
        slow += (wasSlow ? 1 : 0) - ((replaced & SLOW) == 0 ? 0 : 1);
        calls = Math.min(last.length, calls + 1);
        last[next] = (byte) ((hasFailed ? FAILED : 0) | (wasSlow ? SLOW : 0));
        next = next + 1 == last.length ? 0 : next + 1;
        if (partNanos > 0) {
            moveTo(now);
            int index = (int) (part % PARTS);
            callsByPart[index]++;
            failuresByPart[index] += hasFailed ? 1 : 0;
            slowByPart[index] += wasSlow ? 1 : 0;
        }
    }

    /** Forgets the parts of the window that are over. */
    private void moveTo(long now) {
        long current = Math.max(part, (now - origin) / partNanos);
        for (long each = Math.max(part + 1, current - PARTS + 1); each <= current; each++) {
            int index = (int) (each % PARTS);
            callsByPart[index] = 0;
            failuresByPart[index] = 0;
            slowByPart[index] = 0;
        }
        part = current;
    }

    /** Whether {@code least} or more calls of either window failed, and those are a large enough share of it. */
    boolean hasTooManyFailures(int least) {
        return isTooMuch(failures, calls, least, settings.failureRate())
                || isTooMuch(sum(failuresByPart), sum(callsByPart), least, settings.failureRate());
    }

    /** The same for slow calls. */
    boolean hasTooManySlow(int least) {
        return isTooMuch(slow, calls, least, settings.slowRate())
                || isTooMuch(sum(slowByPart), sum(callsByPart), least, settings.slowRate());
    }

    private static boolean isTooMuch(int bad, int all, int least, int percent) {
        return bad >= least && (long) bad * HUNDRED >= (long) all * percent;
    }

    private static int sum(int[] parts) {
        int sum = 0;
        for (int count : parts) {
            sum += count;
        }
        return sum;
    }

    void clear() {
        next = 0;
        calls = 0;
        failures = 0;
        slow = 0;
        Arrays.fill(callsByPart, 0);
        Arrays.fill(failuresByPart, 0);
        Arrays.fill(slowByPart, 0);
    }
}

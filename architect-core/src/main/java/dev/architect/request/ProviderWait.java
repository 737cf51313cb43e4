package dev.architect.request;

import java.time.Duration;

/**
 * How long requests were at providers, or waited for them: all of their time that is not this library's own. The router adds to it; calls of
 * one request that overlap are counted once each. Safe for use by several threads.
 */
public final class ProviderWait {

    private long endedNanos;
    private long begunNanos;
    private int running;

    /** Creates one of no time. */
    public ProviderWait() {}

    /** A call begins at {@code now}, in nanoseconds of the monotonic clock. */
    public synchronized void begin(long now) {
        begunNanos += now;
        running++;
    }

    /** The call that began at {@code begun} ends at {@code now}, both in nanoseconds of the monotonic clock. */
    public synchronized void end(long begun, long now) {
        begunNanos -= begun;
        running--;
        endedNanos += now - begun;
    }

    /** A request has waited for so many nanoseconds. */
    public synchronized void add(long nanos) {
        endedNanos += nanos;
    }

    /** Returns how long it was until {@code now}, in nanoseconds of the monotonic clock, with the calls that are running. */
    public synchronized Duration until(long now) {
        return Duration.ofNanos(endedNanos + running * now - begunNanos);
    }
}

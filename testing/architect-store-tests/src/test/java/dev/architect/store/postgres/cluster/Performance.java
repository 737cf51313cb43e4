package dev.architect.store.postgres.cluster;

import dev.architect.attempt.FencingToken;

/** One run of the worker. Times are of the test's monotonic clock; safe for use by several threads. */
final class Performance {

    final String node;
    final FencingToken token;
    final long begunAt;

    /** When it was told to stop; 0 if it was not. */
    private long interruptedAt;

    private long endedAt = Long.MAX_VALUE;

    Performance(String node, FencingToken token, long begunAt) {
        this.node = node;
        this.token = token;
        this.begunAt = begunAt;
    }

    synchronized void interrupted(long at) {
        interruptedAt = at;
    }

    synchronized void ended(long at) {
        endedAt = at;
    }

    /** Whether it went on for longer than {@code nanos} after another one had begun, and without having been told to stop. */
    synchronized boolean runsBeside(Performance later, long nanos) {
        boolean isStopped = interruptedAt != 0 && interruptedAt - later.begunAt <= nanos;
        return !isStopped && endedAt != Long.MAX_VALUE && endedAt - later.begunAt > nanos && begunAt < later.begunAt;
    }

    @Override
    public synchronized String toString() {
        return node + " " + token + " from " + begunAt / 1_000_000 + " to " + endedAt / 1_000_000 + " ms, stopped at "
                + interruptedAt / 1_000_000;
    }
}

package dev.architect.benchmarks.failover.server;

import dev.architect.benchmarks.failover.wire.WireRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Every call since the last reset, in the order of arrival. Safe for use by several threads. */
final class CallLog {

    private static final double NANOS_OF_A_TENTH = 100_000;

    private final List<LoggedCall> calls = new ArrayList<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private long epoch;
    private long resetNanos = System.nanoTime();

    /**
     * A call in the log.
     *
     * @param epoch the number of resets before it
     * @param index its place
     * @param action what shall be done with it
     */
    record Entry(long epoch, int index, FaultAction action) {}

    synchronized void reset() {
        calls.clear();
        counts.clear();
        epoch++;
        resetNanos = System.nanoTime();
    }

    synchronized Entry add(WireRequest request, FaultProfile profile, String key) {
        int number = counts.merge(request.model(), 1, Integer::sum);
        double now = now();
        FaultAction action = FaultAction.of(
                request.model(), number, (long) now, !request.prefill().isEmpty(), profile, key);
        calls.add(new LoggedCall(
                now,
                request.model(),
                number,
                request.isStreamed(),
                request.lastRole(),
                request.promptTokens(),
                action,
                -1,
                -1));
        return new Entry(epoch, calls.size() - 1, action);
    }

    synchronized void ended(Entry entry) {
        double now = now();
        change(entry, call -> call.endMillis() >= 0 ? call : call.ended(now));
    }

    synchronized void hungUp(Entry entry) {
        double now = now();
        change(entry, call -> call.endMillis() >= 0 ? call : call.hungUp(now));
    }

    /** A call of before a reset is in no log any more. */
    private void change(Entry entry, UnaryOperator<LoggedCall> change) {
        if (entry.epoch() == epoch) {
            calls.set(entry.index(), change.apply(calls.get(entry.index())));
        }
    }

    synchronized List<LoggedCall> calls() {
        return List.copyOf(calls);
    }

    /** Milliseconds since the reset, to a tenth. */
    synchronized double now() {
        return Math.round((System.nanoTime() - resetNanos) / NANOS_OF_A_TENTH) / 10.0;
    }
}

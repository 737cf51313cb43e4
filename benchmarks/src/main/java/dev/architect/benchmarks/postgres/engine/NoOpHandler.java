package dev.architect.benchmarks.postgres.engine;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/** Does nothing, and counts that. Safe for use by several threads. */
final class NoOpHandler {

    private final LongAdder executions = new LongAdder();
    private final Queue<Long> pickUps = new ConcurrentLinkedQueue<>();

    /** A payload of digits is the time of the monotonic clock at which the task's submit was called. */
    void handle(String payload) {
        if (Character.isDigit(payload.charAt(0))) {
            pickUps.add(System.nanoTime() - Long.parseLong(payload));
        }
        executions.increment();
    }

    long executions() {
        return executions.sum();
    }

    List<Long> pickUps() {
        return List.copyOf(pickUps);
    }
}

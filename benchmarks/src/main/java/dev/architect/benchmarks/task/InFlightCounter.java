package dev.architect.benchmarks.task;

import java.util.concurrent.atomic.AtomicInteger;

/** How many calls run now, and the most at a time. Safe for use by several threads. */
final class InFlightCounter {

    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    void begin() {
        most.accumulateAndGet(now.incrementAndGet(), Math::max);
    }

    void end() {
        now.decrementAndGet();
    }

    int most() {
        return most.get();
    }
}

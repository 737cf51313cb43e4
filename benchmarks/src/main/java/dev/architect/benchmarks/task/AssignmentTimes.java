package dev.architect.benchmarks.task;

import dev.architect.attempt.AttemptOutcome;
import dev.architect.benchmarks.Percentiles;
import dev.architect.event.Event;
import dev.architect.event.EventListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Collects, from the events, how long tasks waited for their start. Events come one after the other. */
final class AssignmentTimes implements EventListener {

    /** What begins within this time is cold. */
    private static final Duration COLD = Duration.ofSeconds(5);

    private final List<Long> cold = new ArrayList<>();
    private final List<Long> warm = new ArrayList<>();
    private final AtomicInteger failedAttempts = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicLong dropped = new AtomicLong();
    private volatile long start;

    void start(long nanoTime) {
        start = nanoTime;
    }

    @Override
    public synchronized void onEvent(Event event) {
        if (event instanceof Event.TaskStarted started) {
            boolean isCold = System.nanoTime() - start < COLD.toNanos();
            (isCold ? cold : warm).add(started.waited().toNanos());
        } else if (event instanceof Event.TaskAttemptEnded attempt && attempt.outcome() != AttemptOutcome.SUCCEEDED) {
            failedAttempts.incrementAndGet();
        } else if (event instanceof Event.TaskEnded) {
            ended.incrementAndGet();
        } else if (event instanceof Event.EventsDropped missed) {
            dropped.addAndGet(missed.events());
            ended.addAndGet((int) missed.events());
        }
    }

    synchronized Percentiles cold() {
        return Percentiles.ofNanos(cold);
    }

    synchronized Percentiles warm() {
        return Percentiles.ofNanos(warm);
    }

    int failedAttempts() {
        return failedAttempts.get();
    }

    int endedCount() {
        return ended.get();
    }

    long dropped() {
        return dropped.get();
    }
}

package dev.architect.loop;

import dev.architect.spi.TaskStore;
import dev.architect.spi.TimeSource;
import java.time.Duration;

/**
 * Gives out permits of limit keys that are still free: tasks that a transaction of a host has submitted wait for it. Every node looks; a
 * store with many keys is looked through more seldom. Used by one thread.
 */
public final class LimitSweep {

    private static final Duration INTERVAL = Duration.ofMillis(500);

    /** A look takes a twentieth of the time at most. */
    private static final int SHARE = 20;

    /** No rest is longer: what a look took may be the time that the process stood still. */
    private static final Duration LONGEST_REST = Duration.ofSeconds(5);

    private final TaskStore tasks;
    private final Runnable onReady;
    private final TimeSource time;
    private long nextLook;

    /** Creates the sweep; {@code onReady} is called when tasks have become ready. */
    public LimitSweep(TaskStore tasks, TimeSource time, Runnable onReady) {
        this.onReady = onReady;
        this.tasks = tasks;
        this.time = time;
        this.nextLook = time.nanoTime();
    }

    /** Looks, if it is time to, and returns how long the next look may wait. */
    public Duration step() {
        long now = time.nanoTime();
        if (nextLook - now > 0) {
            return Duration.ofNanos(nextLook - now);
        }
        int promoted = tasks.promoteLimited(TaskStore.MAX_BATCH);
        if (promoted > 0) {
            onReady.run();
        }
        long cost = time.nanoTime() - now;
        // Urgent tasks are claimed between two batches.
        long rest = promoted < TaskStore.MAX_BATCH
                ? Math.max(INTERVAL.toNanos(), Math.min(SHARE * cost, LONGEST_REST.toNanos()))
                : 1;
        nextLook = now + cost + rest;
        return Duration.ofNanos(rest);
    }
}

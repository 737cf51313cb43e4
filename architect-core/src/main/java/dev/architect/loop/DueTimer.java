package dev.architect.loop;

import dev.architect.spi.TaskStore;
import dev.architect.spi.TimeSource;
import java.time.Duration;

/**
 * Makes tasks ready whose due time has come. Every node looks; each task is made ready by one. {@link #hint} may be called by several threads; the rest
 * belongs to one.
 */
public final class DueTimer {

    /** The most due tasks that one step makes ready: urgent tasks are claimed between the steps. */
    private static final int LIMIT = 1_000;

    /** The longest random wait before the next step after a full one, which keeps several nodes from promoting in step. */
    private static final Duration JITTER = Duration.ofMillis(5);

    private final TaskStore tasks;
    private final TimeSource time;
    private final Duration interval;
    private final Runnable onReady;
    private long nextLook;
    private volatile boolean isHinted = true;

    /**
     * Creates the timer.
     *
     * @param interval the longest time between two looks: tasks that another process submitted give no signal
     * @param onReady is called when tasks have become ready
     */
    public DueTimer(TaskStore tasks, TimeSource time, Duration interval, Runnable onReady) {
        this.tasks = tasks;
        this.time = time;
        this.interval = interval;
        this.onReady = onReady;
    }

    /** The next due time may have changed: the next step reads it. */
    public void hint() {
        isHinted = true;
    }

    /** Makes at most one batch ready, if it is time to look, and returns how long the next step may wait. */
    public Duration step() {
        long now = time.nanoTime();
        if (!isHinted && nextLook - now > 0) {
            return Duration.ofNanos(nextLook - now);
        }
        // Before the look: what changes meanwhile is looked at again.
        isHinted = false;
        Duration untilDue = tasks.untilNextDue()
                .filter(left -> left.compareTo(interval) < 0)
                .orElse(interval);
        if (untilDue.isZero() || untilDue.isNegative()) {
            int promoted = tasks.promoteDue(LIMIT);
            if (promoted > 0) {
                onReady.run();
            }
            untilDue = promoted < LIMIT ? interval : Duration.ofNanos(1 + time.random(JITTER.toNanos()));
        }
        nextLook = now + untilDue.toNanos();
        return untilDue;
    }
}

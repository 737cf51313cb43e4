package dev.architect.schedule;

import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.spi.TaskStore;
import dev.architect.spi.TimeSource;
import dev.architect.task.TaskId;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.util.List;

/**
 * Ends waiting tasks whose time is over. A claim takes none of them in any case, so a late look only delays those calls that await their ends. Every
 * node looks; each task is ended, and its event published, by one. Used by one thread.
 */
final class ExpiryTimer {

    /** The longest time between two looks: tasks that another process submitted give no signal. */
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

    private final TaskStore tasks;
    private final TimeSource time;
    private final EventListener events;
    private long nextLook;

    ExpiryTimer(TaskStore tasks, TimeSource time, EventListener events) {
        this.tasks = tasks;
        this.time = time;
        this.events = events;
        this.nextLook = time.nanoTime();
    }

    /** Ends at most one batch, if it is time to look, and returns how long the next look may wait. */
    Duration step() {
        long now = time.nanoTime();
        if (nextLook - now > 0) {
            return Duration.ofNanos(nextLook - now);
        }
        Duration rest = tasks.untilNextExpiry()
                .filter(left -> left.compareTo(LOOK_INTERVAL) < 0)
                .orElse(LOOK_INTERVAL);
        if (rest.isZero() || rest.isNegative()) {
            List<TaskId> expired = tasks.expire(TaskStore.MAX_BATCH);
            expired.forEach(id -> events.onEvent(new Event.TaskEnded(time.wallTime(), id, TaskState.EXPIRED)));
            TaskCanceller.publishCancelledWith(expired, tasks, time, events);
            // Urgent tasks are claimed between two batches.
            rest = expired.size() < TaskStore.MAX_BATCH ? LOOK_INTERVAL : Duration.ofNanos(1);
        }
        nextLook = now + rest.toNanos();
        return rest;
    }
}

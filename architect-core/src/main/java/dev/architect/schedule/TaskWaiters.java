package dev.architect.schedule;

import dev.architect.check.Check;
import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.spi.TaskStore;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.task.TaskId;
import dev.architect.task.TaskResult;
import dev.architect.task.TaskTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Wakes the threads that wait for the end of tasks. The event of this process is only a hint: the store decides, and is polled
 * each second for tasks that another process ends. Safe for use by several threads.
 */
public final class TaskWaiters implements EventListener {

    private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

    private final TaskStore tasks;
    private final TimeSource time;
    private final Map<TaskId, List<WakeUp>> waiting = new ConcurrentHashMap<>();

    /** Creates the waiters of {@code tasks}. */
    public TaskWaiters(TaskStore tasks, TimeSource time) {
        this.tasks = tasks;
        this.time = time;
    }

    @Override
    public void onEvent(Event event) {
        if (event instanceof Event.TaskEnded ended) {
            waiting.getOrDefault(ended.task(), List.of()).forEach(WakeUp::signal);
        }
    }

    TaskResult await(TaskId id, Duration timeout) throws InterruptedException {
        Check.notNull("timeout", timeout);
        WakeUp wakeUp = time.newWakeUp();
        // Before the store is read: an end between the read and the wait then still signals.
        register(id, wakeUp);
        try {
            long deadline = time.nanoTime() + timeout.toNanos();
            while (true) {
                Optional<TaskResult> result = tasks.result(id);
                if (result.isPresent()) {
                    return result.get();
                }
                Duration timeLeft = Duration.ofNanos(deadline - time.nanoTime());
                if (timeLeft.isZero() || timeLeft.isNegative()) {
                    throw new TaskTimeoutException(id, timeout);
                }
                wakeUp.await(timeLeft.compareTo(POLL_INTERVAL) < 0 ? timeLeft : POLL_INTERVAL);
            }
        } finally {
            unregister(id, wakeUp);
        }
    }

    /** One atomic step: if the list were fetched and filled in two, the last waiter to leave could remove it in between. */
    private void register(TaskId id, WakeUp wakeUp) {
        waiting.compute(id, (key, present) -> {
            // onEvent iterates over it without the lock of the map's bin.
            List<WakeUp> wakeUps = present == null ? new CopyOnWriteArrayList<>() : present;
            wakeUps.add(wakeUp);
            return wakeUps;
        });
    }

    private void unregister(TaskId id, WakeUp wakeUp) {
        waiting.computeIfPresent(id, (key, wakeUps) -> {
            wakeUps.remove(wakeUp);
            return wakeUps.isEmpty() ? null : wakeUps;
        });
    }
}

package dev.architect.schedule;

import dev.architect.check.Check;
import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.loop.EngineLoop;
import dev.architect.loop.EngineThreads;
import dev.architect.spi.Store;
import dev.architect.spi.TaskStore;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.task.TaskId;
import dev.architect.task.TaskResult;
import dev.architect.task.TaskTimeoutException;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Wakes the threads that wait for the end of tasks. An end on this node wakes them at once; ends on other nodes are found by one
 * loop, which reads the state of all awaited tasks together: when the store reports a change, and each second without that. The
 * store decides: a waiter that is woken reads the result. Safe for use by several threads.
 */
public final class TaskWaiters implements EventListener, AutoCloseable {

    private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

    /** How long a loop without any waiter waits for one. */
    private static final Duration IDLE = Duration.ofMinutes(10);

    /** After a look the loop rests so many times as long as the look took, up to the poll interval. */
    private static final int REST_FACTOR = 19;

    /** So many tasks are asked for in one read. */
    private static final int BATCH = 500;

    private final TaskStore tasks;
    private final TimeSource time;
    private final EngineLoop loop;
    private final Map<TaskId, List<WakeUp>> waiting = new ConcurrentHashMap<>();
    private volatile boolean closed;
    // Belongs to the loop.
    private Duration rest = Duration.ZERO;
    private long restFrom;

    /** Creates the waiters of {@code tasks}; {@link #start} starts their loop. */
    public TaskWaiters(TaskStore tasks, TimeSource time, ThreadRunner threads) {
        this(tasks, time, EngineThreads.of(threads));
    }

    /** As the other constructor, with threads from {@code threads}. */
    public TaskWaiters(TaskStore tasks, TimeSource time, EngineThreads threads) {
        this.tasks = tasks;
        this.time = time;
        this.restFrom = time.nanoTime();
        this.loop = new EngineLoop("waiters", this::wakeEnded, time, threads);
    }

    /** Starts to look for ends on other nodes. */
    public void start() {
        loop.start();
    }

    @Override
    public void onEvent(Event event) {
        if (event instanceof Event.TaskEnded ended) {
            wake(ended.task());
        }
    }

    /** Others have changed something in the store: looks soon when a task may have ended. */
    public void onChange(Store.Change change) {
        if (change.kinds().contains(Store.ChangeKind.TASK_ENDED) && !waiting.isEmpty()) {
            loop.signal();
        }
    }

    private void wake(TaskId id) {
        waiting.getOrDefault(id, List.of()).forEach(WakeUp::signal);
    }

    /** Looks once for ends and returns how long the next look may wait. A step of the loop. */
    Duration wakeEnded() {
        List<TaskId> ids = new ArrayList<>(waiting.keySet());
        if (ids.isEmpty()) {
            return IDLE;
        }
        long start = time.nanoTime();
        // A busy store reports changes all the time, and each look costs more the more tasks are awaited.
        Duration timeLeft = rest.minusNanos(start - restFrom);
        if (timeLeft.compareTo(Duration.ZERO) > 0) {
            return timeLeft;
        }
        for (int from = 0; from < ids.size(); from += BATCH) {
            tasks.ended(ids.subList(from, Math.min(from + BATCH, ids.size()))).forEach(this::wake);
        }
        restFrom = time.nanoTime();
        Duration proportional = Duration.ofNanos(restFrom - start).multipliedBy(REST_FACTOR);
        // Bounded: a look may have taken minutes because the process was frozen, and waiters must not wait a multiple
        // of that.
        rest = proportional.compareTo(POLL_INTERVAL) < 0 ? proportional : POLL_INTERVAL;
        return POLL_INTERVAL;
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
                if (closed) {
                    throw new IllegalStateException(
                            "Architect is closed, expected open while task " + id + " is awaited");
                }
                wakeUp.await(timeLeft);
            }
        } finally {
            unregister(id, wakeUp);
        }
    }

    /** One atomic step: if the list were fetched and filled in two, the last waiter to leave could remove it in between. */
    private void register(TaskId id, WakeUp wakeUp) {
        boolean isFirst = waiting.isEmpty();
        waiting.compute(id, (key, present) -> {
            // onEvent iterates over it without the lock of the map's bin.
            List<WakeUp> wakeUps = present == null ? new CopyOnWriteArrayList<>() : present;
            wakeUps.add(wakeUp);
            return wakeUps;
        });
        if (isFirst) {
            loop.signal();
        }
    }

    private void unregister(TaskId id, WakeUp wakeUp) {
        waiting.computeIfPresent(id, (key, wakeUps) -> {
            wakeUps.remove(wakeUp);
            return wakeUps.isEmpty() ? null : wakeUps;
        });
    }

    /** Ends the loop and every wait. */
    @Override
    public void close() {
        closed = true;
        loop.stop();
        waiting.values().forEach(wakeUps -> wakeUps.forEach(WakeUp::signal));
    }
}

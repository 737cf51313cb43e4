package dev.architect.schedule;

import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.spi.TaskStore;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskId;
import dev.architect.task.TaskResult;
import dev.architect.task.TaskTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Makes handles and wakes those who wait on them. The event of this process is only a hint: the store is asked, and asked
 * again each second for tasks that another process ends. Safe for use by several threads.
 */
public final class TaskHandles implements EventListener {

    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

    private final TaskStore tasks;
    private final TimeSource time;
    private final Consumer<TaskId> cancel;
    private final Map<TaskId, List<WakeUp>> waiting = new ConcurrentHashMap<>();

    /** Creates the maker of handles on {@code tasks}. */
    public TaskHandles(TaskStore tasks, TimeSource time, Consumer<TaskId> cancel) {
        this.tasks = tasks;
        this.time = time;
        this.cancel = cancel;
    }

    /** Returns a handle of an existing task. */
    public TaskHandle handle(TaskId id) {
        return new Handle(id);
    }

    @Override
    public void onEvent(Event event) {
        if (event instanceof Event.TaskEnded ended) {
            waiting.getOrDefault(ended.task(), List.of()).forEach(WakeUp::signal);
        }
    }

    private TaskResult await(TaskId id, Duration timeout) throws InterruptedException {
        WakeUp signal = time.newWakeUp();
        waiting.computeIfAbsent(id, key -> new CopyOnWriteArrayList<>()).add(signal);
        try {
            long deadline = time.nanoTime() + timeout.toNanos();
            while (true) {
                Optional<TaskResult> result = tasks.result(id);
                if (result.isPresent()) {
                    return result.get();
                }
                Duration left = Duration.ofNanos(deadline - time.nanoTime());
                if (left.isZero() || left.isNegative()) {
                    throw new TaskTimeoutException(id, timeout);
                }
                signal.await(left.compareTo(ASK_AGAIN) < 0 ? left : ASK_AGAIN);
            }
        } finally {
            waiting.computeIfPresent(id, (key, signals) -> {
                signals.remove(signal);
                return signals.isEmpty() ? null : signals;
            });
        }
    }

    private final class Handle implements TaskHandle {
        private final TaskId id;

        private Handle(TaskId id) {
            this.id = id;
        }

        @Override
        public TaskId id() {
            return id;
        }

        @Override
        public TaskResult await(Duration timeout) throws InterruptedException {
            return TaskHandles.this.await(id, timeout);
        }

        @Override
        public Optional<TaskResult> result() {
            return tasks.result(id);
        }

        @Override
        public void cancel() {
            cancel.accept(id);
        }

        @Override
        public String toString() {
            return "TaskHandle[" + id + "]";
        }
    }
}

package dev.architect.schedule;

import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.spi.TaskStore;
import dev.architect.spi.TimeSource;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskState;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Cancels tasks: waiting ones in the store, running ones by interruption, on any node. Safe for use by several threads. */
public final class TaskCanceller {

    private final TaskStore tasks;
    private final TimeSource time;
    private final EventListener events;
    private final @Nullable Scheduler schedulerOrNull;

    /** Creates the canceller; {@code schedulerOrNull} is null on a node that performs no tasks. */
    public TaskCanceller(TaskStore tasks, TimeSource time, EventListener events, @Nullable Scheduler schedulerOrNull) {
        this.tasks = tasks;
        this.time = time;
        this.events = events;
        this.schedulerOrNull = schedulerOrNull;
    }

    /** Cancels a task and returns its state afterwards, empty when there is none with that id. */
    public Optional<Task> cancel(TaskId id) {
        Optional<TaskState> before = tasks.find(id).map(Task::state);
        Optional<Task> after = tasks.cancel(id);
        after.ifPresent(task -> {
            if (schedulerOrNull != null && task.state() == TaskState.RUNNING) {
                schedulerOrNull.cancelled(id);
            }
            if (task.state() == TaskState.CANCELLED
                    && before.filter(state -> !state.isTerminal()).isPresent()) {
                events.onEvent(new Event.TaskEnded(time.wallTime(), id, TaskState.CANCELLED));
            }
        });
        return after;
    }
}

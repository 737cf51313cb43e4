package dev.architect.schedule;

import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.spi.TaskStore;
import dev.architect.spi.TimeSource;
import dev.architect.task.ParentTask.OnFailure;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cancels tasks: waiting ones in the store, running ones by interruption, on any node. Safe for use by several threads. */
public final class TaskCanceller {

    private static final Logger LOG = LoggerFactory.getLogger(TaskCanceller.class);

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
                publishCancelledWith(List.of(id), tasks, time, events);
            }
        });
        return after;
    }

    /** Publishes the end of a task that was just submitted, if a parent had failed without which it must not run, and those of what waits for it. */
    public static void publishCancelledAtOnce(
            TaskId id, TaskRequest request, TaskStore tasks, TimeSource time, EventListener events) {
        if (request.options().parents().stream().noneMatch(parent -> parent.onFailure() == OnFailure.CANCEL)) {
            return;
        }
        try {
            tasks.find(id)
                    // One that has waited is announced by whoever ended its parent.
                    .filter(task -> task.state() == TaskState.CANCELLED
                            && task.endedAt().equals(Optional.of(task.createdAt())))
                    .ifPresent(task -> {
                        events.onEvent(new Event.TaskEnded(time.wallTime(), id, TaskState.CANCELLED));
                        publishCancelledWith(List.of(id), tasks, time, events);
                    });
        } catch (RuntimeException failure) {
            // It is accepted all the same.
            LOG.warn("a task that was cancelled with its parents is not announced: {}", failure.getMessage());
        }
    }

    /**
     * Publishes the ends of tasks that were cancelled because they waited for others.
     *
     * @param ended those others, which have ended without success; their own ends are published already
     */
    static void publishCancelledWith(Collection<TaskId> ended, TaskStore tasks, TimeSource time, EventListener events) {
        List<TaskId> all = List.copyOf(ended);
        try {
            for (int from = 0; from < all.size(); from += TaskStore.MAX_BATCH) {
                tasks.cancelledBy(all.subList(from, Math.min(all.size(), from + TaskStore.MAX_BATCH))).stream()
                        .filter(id -> !all.contains(id))
                        .forEach(id -> events.onEvent(new Event.TaskEnded(time.wallTime(), id, TaskState.CANCELLED)));
            }
        } catch (RuntimeException failure) {
            // The ends themselves are recorded.
            LOG.warn("tasks that were cancelled with their parents are not announced: {}", failure.getMessage());
        }
    }
}

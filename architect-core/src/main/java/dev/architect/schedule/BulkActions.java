package dev.architect.schedule;

import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.job.BulkChanger;
import dev.architect.maintenance.BulkProgress;
import dev.architect.maintenance.TaskAction;
import dev.architect.maintenance.TaskFilter;
import dev.architect.spi.TaskStore;
import dev.architect.spi.TimeSource;
import dev.architect.task.TaskId;
import dev.architect.task.TaskState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Does something to all tasks that pass a filter, in batches between which others write. Goes by id, so that a task that passes again
 * meanwhile is not met twice. Safe for use by several threads.
 */
public final class BulkActions implements BulkChanger {

    private final TaskStore tasks;
    private final TimeSource time;
    private final EventListener events;
    private final @Nullable Scheduler schedulerOrNull;

    /** Creates the actions; {@code schedulerOrNull} is null on a node that performs no tasks. */
    public BulkActions(TaskStore tasks, TimeSource time, EventListener events, @Nullable Scheduler schedulerOrNull) {
        this.tasks = tasks;
        this.time = time;
        this.events = events;
        this.schedulerOrNull = schedulerOrNull;
    }

    @Override
    public long count(TaskAction action, TaskFilter filter) {
        action.check(filter);
        long count = 0;
        Optional<TaskId> last = Optional.empty();
        List<TaskId> batch;
        do {
            batch = tasks.ids(filter, last, TaskStore.MAX_IDS);
            count += batch.size();
            last = batch.isEmpty() ? last : Optional.of(batch.get(batch.size() - 1));
        } while (batch.size() == TaskStore.MAX_IDS);
        return count;
    }

    /**
     * Does it to the tasks after {@code after}.
     *
     * @param goesOn is called after each batch, on the caller's thread; false ends the action there
     */
    public BulkProgress run(
            TaskAction action, TaskFilter filter, Optional<TaskId> after, Predicate<BulkProgress> goesOn) {
        action.check(filter);
        BulkProgress progress = new BulkProgress(0, 0, after, false);
        do {
            List<TaskId> batch = tasks.ids(filter, progress.last(), TaskStore.MAX_BATCH);
            int done = batch.isEmpty() ? 0 : change(action, batch).size();
            progress = new BulkProgress(
                    progress.done() + done,
                    progress.skipped() + batch.size() - done,
                    batch.isEmpty() ? progress.last() : Optional.of(batch.get(batch.size() - 1)),
                    batch.size() < TaskStore.MAX_BATCH);
        } while (goesOn.test(progress) && !progress.isComplete());
        return progress;
    }

    @Override
    public Set<TaskId> change(TaskAction action, List<TaskId> ids) {
        if (action.kind() == TaskAction.Kind.REDRIVE) {
            List<TaskId> redriven = List.copyOf(tasks.redrive(ids));
            redriven.forEach(id -> events.onEvent(new Event.TaskRedriven(time.wallTime(), id)));
            wake(!redriven.isEmpty());
            return Set.copyOf(redriven);
        }
        Map<TaskId, TaskState> changed = tasks.change(ids, action);
        Instant now = time.wallTime();
        changed.forEach((id, state) -> {
            switch (action.kind()) {
                case CANCEL -> cancelled(id, state, now);
                case HOLD -> events.onEvent(new Event.TaskHeld(now, id));
                case RESUME -> events.onEvent(new Event.TaskResumed(now, id, false));
                case REDRIVE, PRIORITY -> {}
            }
        });
        if (action.kind() == TaskAction.Kind.CANCEL) {
            TaskCanceller.publishCancelledWith(changed.keySet(), tasks, time, events);
        }
        wake(!changed.isEmpty() && action.kind() != TaskAction.Kind.HOLD);
        return Set.copyOf(changed.keySet());
    }

    private void cancelled(TaskId id, TaskState state, Instant now) {
        if (state == TaskState.CANCELLED) {
            events.onEvent(new Event.TaskEnded(now, id, TaskState.CANCELLED));
        } else if (schedulerOrNull != null) {
            schedulerOrNull.cancelled(id);
        }
    }

    private void wake(boolean hasChanged) {
        if (hasChanged && schedulerOrNull != null) {
            schedulerOrNull.wake();
        }
    }
}

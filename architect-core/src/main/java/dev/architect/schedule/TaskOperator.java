package dev.architect.schedule;

import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.FencingToken;
import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.maintenance.StaleTaskException;
import dev.architect.maintenance.TaskEdit;
import dev.architect.maintenance.TaskFilter;
import dev.architect.spi.TaskStore;
import dev.architect.spi.TimeSource;
import dev.architect.submission.UniqueKeyTakenException;
import dev.architect.task.ParentTask;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskNotFoundException;
import dev.architect.task.TaskState;
import dev.architect.task.TaskStateException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an operator does with a task: hold, resume, redrive, forced cancel. Safe for use by several threads. */
public final class TaskOperator {

    private static final Set<TaskState> REDRIVABLE = EnumSet.of(TaskState.DEAD, TaskState.CANCELLED, TaskState.EXPIRED);

    private static final Set<TaskState> NOT_BEGUN =
            EnumSet.of(TaskState.READY, TaskState.SCHEDULED, TaskState.LIMITED, TaskState.BLOCKED);

    /** So many ids are read at a time when tasks are counted. */
    private static final int COUNT_BATCH = TaskStore.MAX_IDS;

    /** So often a task may change between running and waiting while it is being cancelled. */
    private static final int MAX_CANCEL_ROUNDS = 100;

    /** So often a task may have run between two looks while it is being edited. */
    private static final int MAX_EDIT_ROUNDS = 10;

    private final TaskStore tasks;
    private final TimeSource time;
    private final EventListener events;
    private final TaskCanceller canceller;
    private final @Nullable Scheduler schedulerOrNull;

    /** Creates the operator; {@code schedulerOrNull} is null on a node that performs no tasks. */
    public TaskOperator(
            TaskStore tasks,
            TimeSource time,
            EventListener events,
            TaskCanceller canceller,
            @Nullable Scheduler schedulerOrNull) {
        this.tasks = tasks;
        this.time = time;
        this.events = events;
        this.canceller = canceller;
        this.schedulerOrNull = schedulerOrNull;
    }

    /** Holds a waiting task back. */
    public Task hold(TaskId id) {
        if (!tasks.hold(id)) {
            Task task = find(id);
            throw new TaskStateException(
                    id,
                    task.state(),
                    task.state() == TaskState.RUNNING
                            ? "ready, scheduled, blocked or limited: a running task cannot be held, but cancelled"
                            : "ready, scheduled, blocked or limited"
                                    + (task.cancelRequested() ? " and not to be cancelled" : ""));
        }
        events.onEvent(new Event.TaskHeld(time.wallTime(), id));
        return find(id);
    }

    /** Changes a task that waits. */
    public Task edit(TaskId id, TaskEdit edit) {
        for (int round = 1; !tasks.edit(id, edit); round++) {
            Task task = find(id);
            boolean isWaiting = !task.state().isTerminal() && task.state() != TaskState.RUNNING;
            if (isWaiting
                    && edit.version().filter(seen -> seen != task.version()).isPresent()) {
                throw new StaleTaskException(edit.version().get(), task);
            }
            // One that waits now ran when it was to be edited.
            if (!isWaiting || round == MAX_EDIT_ROUNDS) {
                throw new TaskStateException(id, task.state(), "ready, scheduled, blocked, limited or held");
            }
        }
        events.onEvent(new Event.TaskEdited(time.wallTime(), id, String.join(", ", edit.fields())));
        wake();
        return find(id);
    }

    /** Has a task that has not begun wait for other tasks. */
    public Task replaceParents(TaskId id, List<ParentTask> parents, long version) {
        for (int round = 1; !tasks.replaceParents(id, parents, Optional.of(version)); round++) {
            Task task = find(id);
            boolean hasNotBegun = NOT_BEGUN.contains(task.state());
            if (hasNotBegun && task.version() != version) {
                throw new StaleTaskException(version, task);
            }
            // One that waits now ran when it was to be changed.
            if (!hasNotBegun || round == MAX_EDIT_ROUNDS) {
                throw new TaskStateException(id, task.state(), "ready, scheduled, limited or blocked");
            }
        }
        events.onEvent(new Event.TaskEdited(time.wallTime(), id, "parents"));
        Task changed = find(id);
        if (changed.state() == TaskState.CANCELLED) {
            events.onEvent(new Event.TaskEnded(time.wallTime(), id, TaskState.CANCELLED));
            TaskCanceller.publishCancelledWith(List.of(id), tasks, time, events);
        }
        wake();
        return changed;
    }

    /** Puts a task before all others. */
    public Task runNow(TaskId id) {
        if (!tasks.runNow(id)) {
            throw new TaskStateException(id, find(id).state(), "ready, scheduled or limited");
        }
        events.onEvent(new Event.TaskEdited(time.wallTime(), id, "its place: before all others"));
        wake();
        return find(id);
    }

    /** Makes a held task ready. */
    public Task resume(TaskId id, Optional<String> input) {
        if (!tasks.resume(id, input)) {
            throw new TaskStateException(id, find(id).state(), "held");
        }
        events.onEvent(new Event.TaskResumed(time.wallTime(), id, input.isPresent()));
        wake();
        return find(id);
    }

    /** Makes a dead, cancelled or expired task ready again. */
    public Task redrive(TaskId id) {
        if (redrive(List.of(id)) == 0) {
            Task task = find(id);
            requireKeyFree(task);
            throw new TaskStateException(
                    id,
                    task.state(),
                    task.state() == TaskState.DONE
                            ? "dead, cancelled or expired: what is done is run again as a new task"
                            : "dead, cancelled or expired");
        }
        return find(id);
    }

    private void requireKeyFree(Task task) {
        if (REDRIVABLE.contains(task.state())) {
            task.request()
                    .options()
                    .uniqueKey()
                    .ifPresent(key -> tasks.holderOf(
                                    task.request().attribution().project(), key.value())
                            .ifPresent(holder -> {
                                throw new UniqueKeyTakenException(key.value(), holder);
                            }));
        }
    }

    /** Makes all tasks ready again that pass the filter now, and returns how many. */
    public int redriveAll(TaskFilter filter) {
        requireRedrivable(filter);
        int redriven = 0;
        Optional<TaskId> last = Optional.empty();
        List<TaskId> batch;
        do {
            // Onwards by id: a task that ends again meanwhile is not taken twice.
            batch = tasks.ids(filter, last, TaskStore.MAX_BATCH);
            redriven += batch.isEmpty() ? 0 : redrive(batch);
            last = batch.isEmpty() ? last : Optional.of(batch.get(batch.size() - 1));
        } while (batch.size() == TaskStore.MAX_BATCH);
        return redriven;
    }

    private int redrive(List<TaskId> ids) {
        Set<TaskId> redriven = tasks.redrive(ids);
        redriven.forEach(id -> events.onEvent(new Event.TaskRedriven(time.wallTime(), id)));
        if (!redriven.isEmpty()) {
            wake();
        }
        return redriven.size();
    }

    /** Returns how many tasks {@link #redriveAll} would make ready. */
    public long countRedrivable(TaskFilter filter) {
        requireRedrivable(filter);
        long count = 0;
        Optional<TaskId> last = Optional.empty();
        List<TaskId> batch;
        do {
            batch = tasks.ids(filter, last, COUNT_BATCH);
            count += batch.size();
            last = batch.isEmpty() ? last : Optional.of(batch.get(batch.size() - 1));
        } while (batch.size() == COUNT_BATCH);
        return count;
    }

    private static void requireRedrivable(TaskFilter filter) {
        for (TaskState state : filter.states()) {
            if (!REDRIVABLE.contains(state)) {
                throw new IllegalArgumentException("states have " + state.name().toLowerCase(Locale.ROOT)
                        + ", expected dead, cancelled and expired only"
                        + (state == TaskState.DONE ? ": what is done is run again as a new task" : ""));
            }
        }
    }

    /** Cancels a task at once, also one whose worker or node does not answer; one in a final state stays as it is. */
    public Optional<Task> forceCancel(TaskId id) {
        for (int round = 0; round < MAX_CANCEL_ROUNDS; round++) {
            Optional<FencingToken> ended = tasks.forceCancel(id);
            if (ended.isPresent()) {
                forced(ended.get());
                return tasks.find(id);
            }
            Optional<Task> after = canceller.cancel(id);
            // Running when it was claimed between the two calls.
            if (after.filter(task -> task.state() == TaskState.RUNNING).isEmpty()) {
                return after;
            }
        }
        throw new IllegalStateException("task " + id + " was claimed again each time, expected it to be cancelled");
    }

    private void forced(FencingToken ended) {
        if (schedulerOrNull != null) {
            schedulerOrNull.fenced(ended);
        }
        events.onEvent(new Event.TaskAttemptEnded(
                time.wallTime(), ended, AttemptOutcome.CANCELLED, TaskState.CANCELLED, Optional.of(TaskStore.FORCED)));
        events.onEvent(new Event.TaskEnded(time.wallTime(), ended.id(), TaskState.CANCELLED));
        TaskCanceller.publishCancelledWith(List.of(ended.id()), tasks, time, events);
        wake();
    }

    private Task find(TaskId id) {
        return tasks.find(id).orElseThrow(() -> new TaskNotFoundException(id));
    }

    private void wake() {
        if (schedulerOrNull != null) {
            schedulerOrNull.wake();
        }
    }
}

package dev.architect;

import dev.architect.check.Check;
import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.json.InvalidFieldException;
import dev.architect.prompt.PromptTasks;
import dev.architect.route.UnservableRequestException;
import dev.architect.schedule.Scheduler;
import dev.architect.schedule.TaskCanceller;
import dev.architect.schedule.TaskHandles;
import dev.architect.spi.Router;
import dev.architect.spi.TaskStore;
import dev.architect.spi.TimeSource;
import dev.architect.spi.Worker;
import dev.architect.task.Attempt;
import dev.architect.task.Task;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskId;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskResult;
import dev.architect.task.TaskState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The durable tasks of an {@link Architect}. Methods block for the store; safe for use by several threads. */
public final class Tasks {

    private final TaskStore store;
    private final Map<String, Worker> workers;
    private final Router router;
    private final TimeSource time;
    private final EventListener events;
    private final @Nullable Scheduler schedulerOrNull;
    private final TaskCanceller canceller;
    private final TaskHandles handles;

    Tasks(
            TaskStore store,
            Map<String, Worker> workers,
            Router router,
            TimeSource time,
            EventListener events,
            @Nullable Scheduler schedulerOrNull,
            TaskCanceller canceller,
            TaskHandles handles) {
        this.store = store;
        this.workers = workers;
        this.router = router;
        this.time = time;
        this.events = events;
        this.schedulerOrNull = schedulerOrNull;
        this.canceller = canceller;
        this.handles = handles;
    }

    /**
     * Accepts a task. It is in the store when this returns and will run even if this process dies.
     *
     * @throws IllegalArgumentException when no worker performs such tasks, or the worker rejects it; a {@link
     *     UnservableRequestException} when no configured model could ever answer the request of a prompt task
     */
    public TaskHandle submit(TaskRequest request) {
        return submitAll(List.of(Check.notNull("request", request))).get(0);
    }

    /**
     * Accepts tasks, all or none, and returns their handles in the same order.
     *
     * @throws IllegalArgumentException as {@link #submit}; of several tasks, the message names the wrong one by its index, for
     *     example {@code tasks[3]}
     */
    public List<TaskHandle> submitAll(List<TaskRequest> requests) {
        // All are checked before one is stored, so that a batch is accepted as a whole or not at all.
        Check.noNulls("requests", requests);
        for (int i = 0; i < requests.size(); i++) {
            check(requests.get(i), requests.size() == 1 ? "" : "tasks[" + i + "]");
        }
        List<TaskId> ids = store.submit(requests);
        for (int i = 0; i < ids.size(); i++) {
            events.onEvent(new Event.TaskSubmitted(
                    time.wallTime(), ids.get(i), requests.get(i).type()));
        }
        // After the commit, so that the round finds the tasks. Without it, the next poll would.
        if (schedulerOrNull != null) {
            schedulerOrNull.wake();
        }
        return ids.stream().map(handles::handle).toList();
    }

    private void check(TaskRequest request, String path) {
        try {
            check(request);
        } catch (UnservableRequestException unservable) {
            throw path.isEmpty() ? unservable : unservable.within(path + ".");
        } catch (InvalidFieldException wrong) {
            throw path.isEmpty()
                    ? wrong
                    : InvalidFieldException.value(path + "." + wrong.field(), path + "." + wrong.getMessage());
        } catch (IllegalArgumentException wrong) {
            throw path.isEmpty() ? wrong : new IllegalArgumentException(path + ": " + wrong.getMessage(), wrong);
        }
    }

    private void check(TaskRequest request) {
        Worker worker = workers.get(request.type());
        if (worker == null) {
            throw new IllegalArgumentException(
                    "task type is '" + request.type() + "', expected one of " + new TreeSet<>(workers.keySet()));
        }
        worker.check(request);
        // Where this process performs no tasks, another one does, perhaps with other providers.
        if (schedulerOrNull != null && request.type().equals(TaskRequest.PROMPT)) {
            router.check(PromptTasks.requestOf(request));
        }
    }

    /** Returns a handle of a task, also of an earlier process; empty when there is none with that id. */
    public Optional<TaskHandle> handle(TaskId id) {
        return find(id).map(task -> handles.handle(task.id()));
    }

    /** Returns a task as it stands, empty when there is none with that id. */
    public Optional<Task> find(TaskId id) {
        return store.find(Check.notNull("id", id));
    }

    /** Returns tasks, newest first. */
    public List<Task> list(TaskQuery query) {
        return store.list(Check.notNull("query", query));
    }

    /** Returns how a task ended, empty while it has not or when there is none with that id. */
    public Optional<TaskResult> result(TaskId id) {
        return store.result(Check.notNull("id", id));
    }

    /** Returns the ended attempts of a task, oldest first. */
    public List<Attempt> attempts(TaskId id) {
        return store.attempts(Check.notNull("id", id));
    }

    /** Returns how many tasks are in each state; states without tasks are absent. */
    public Map<TaskState, Long> counts() {
        return store.counts();
    }

    /**
     * Cancels a task: a waiting one at once, a running one by interruption.
     *
     * @return the task as it stands afterwards, empty when there is none with that id
     */
    public Optional<Task> cancel(TaskId id) {
        return canceller.cancel(Check.notNull("id", id));
    }
}

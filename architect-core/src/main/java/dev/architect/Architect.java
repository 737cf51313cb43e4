package dev.architect;

import dev.architect.activity.ActivityRecorder;
import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.event.ActivityEntry;
import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.ledger.Ledger;
import dev.architect.project.ProjectId;
import dev.architect.route.ProviderStatus;
import dev.architect.route.Route;
import dev.architect.schedule.Scheduler;
import dev.architect.schedule.TaskHandles;
import dev.architect.spi.RequestScope;
import dev.architect.spi.Router;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.spi.Worker;
import dev.architect.task.Attempt;
import dev.architect.task.FencingToken;
import dev.architect.task.SessionInfo;
import dev.architect.task.Task;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskId;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskResult;
import dev.architect.task.TaskState;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The front of everything: asks models, runs tasks, and accounts for both.
 *
 * <p>Build one per process with {@link #builder()} and close it at the end. Methods that touch the store or a provider block.
 * Safe for use by several threads.
 */
public final class Architect implements AutoCloseable {

    /** The longest a direct request takes, failovers included, unless the caller says otherwise. */
    public static final Duration DEFAULT_CHAT_TIMEOUT = Duration.ofMinutes(2);

    private final Store store;
    private final Router router;
    private final TimeSource time;
    private final EventListener events;
    private final Map<String, Worker> workers;
    private final ThreadRunner runner;
    private final ActivityRecorder activity;
    private final Ledger ledger;
    private final TaskHandles handles;
    private final @Nullable Scheduler scheduler;
    private volatile boolean closed;

    Architect(ArchitectBuilder parts) {
        this.store = parts.requiredStore();
        this.time = parts.time();
        this.workers = parts.workersByType();
        this.router = parts.requiredRouter();
        this.runner = new ThreadRunner("architect");
        this.activity = new ActivityRecorder(store.activity(), time, runner);
        this.handles = new TaskHandles(store.tasks(), time, this::cancel);
        this.events = new CompositeEventListener(parts.listeners(), activity, handles);
        this.ledger = new Ledger(store.ledger(), time);
        this.scheduler = parts.performsTasks()
                ? new Scheduler(
                        store,
                        time,
                        runner,
                        events,
                        parts.nodeName(),
                        parts.poolLimits(),
                        workers,
                        (request, attempt) -> chat(
                                request,
                                attempt.request().project(),
                                attempt.fencingToken(),
                                null,
                                attempt.request().timeout()))
                : null;
        if (scheduler != null) {
            scheduler.start();
        }
    }

    /** Returns a builder. A store and a router are required. */
    public static ArchitectBuilder builder() {
        return new ArchitectBuilder();
    }

    /**
     * Answers a request now, through the router, within {@link #DEFAULT_CHAT_TIMEOUT}.
     *
     * @throws dev.architect.error.ArchitectException when no candidate answered, or a failure must not be tried elsewhere
     */
    public ChatResponse chat(ChatRequest request) {
        return chat(request, ProjectId.DEFAULT, null, null, DEFAULT_CHAT_TIMEOUT);
    }

    /** Answers a request now and hands the text to {@code listener} as it comes. */
    public ChatResponse chat(ChatRequest request, ChatListener listener) {
        return chat(request, ProjectId.DEFAULT, null, listener, DEFAULT_CHAT_TIMEOUT);
    }

    private ChatResponse chat(
            ChatRequest request,
            ProjectId project,
            @Nullable FencingToken fencingToken,
            @Nullable ChatListener listener,
            Duration timeout) {
        requireOpen();
        return router.chat(
                request,
                new RequestScope(
                        project,
                        fencingToken,
                        listener,
                        timeout,
                        entry -> store.ledger().record(List.of(entry)),
                        events));
    }

    /** Returns the route that a request would take now, without calling anybody. */
    public Route route(ChatRequest request) {
        return router.route(request);
    }

    /**
     * Accepts a task. It is in the store when this returns and will run even if this process dies.
     *
     * @throws IllegalArgumentException when no worker performs such tasks, or the worker refuses it
     */
    public TaskHandle submit(TaskRequest request) {
        return submitAll(List.of(request)).get(0);
    }

    /** Accepts tasks, all or none, and returns their handles in the same order. */
    public List<TaskHandle> submitAll(List<TaskRequest> requests) {
        requireOpen();
        requests.forEach(this::check);
        List<TaskId> ids = store.tasks().submit(requests);
        for (int i = 0; i < ids.size(); i++) {
            events.onEvent(new Event.TaskSubmitted(
                    time.wallTime(), ids.get(i), requests.get(i).type()));
        }
        if (scheduler != null) {
            scheduler.signal();
        }
        return ids.stream().map(handles::handle).toList();
    }

    private void check(TaskRequest request) {
        Worker worker = workers.get(request.type());
        if (worker == null) {
            throw new IllegalArgumentException(
                    "task type is '" + request.type() + "', expected one of " + new TreeSet<>(workers.keySet()));
        }
        worker.check(request);
    }

    /** Returns a handle of a task, also of an earlier process; empty when there is none with that id. */
    public Optional<TaskHandle> handle(TaskId id) {
        return store.tasks().find(id).map(task -> handles.handle(task.id()));
    }

    /** Returns a task as it stands, empty when there is none with that id. */
    public Optional<Task> task(TaskId id) {
        return store.tasks().find(id);
    }

    /** Returns tasks, newest first. */
    public List<Task> tasks(TaskQuery query) {
        return store.tasks().list(query);
    }

    /** Returns how a task ended, empty while it has not or when there is none with that id. */
    public Optional<TaskResult> result(TaskId id) {
        return store.tasks().result(id);
    }

    /** Returns the ended attempts of a task, oldest first. */
    public List<Attempt> attempts(TaskId id) {
        return store.tasks().attempts(id);
    }

    /** Returns how many tasks are in each state; states without tasks are absent. */
    public Map<TaskState, Long> taskCounts() {
        return store.tasks().counts();
    }

    /**
     * Asks to cancel a task: a waiting one at once, a running one by interruption.
     *
     * @return the task as it stands afterwards, empty when there is none with that id
     */
    public Optional<Task> cancel(TaskId id) {
        Optional<TaskState> before = store.tasks().find(id).map(Task::state);
        Optional<Task> after = store.tasks().cancel(id);
        after.ifPresent(task -> {
            if (scheduler != null && task.state() == TaskState.RUNNING) {
                scheduler.cancelled(id);
            }
            if (task.state() == TaskState.CANCELLED
                    && before.filter(state -> !state.isTerminal()).isPresent()) {
                events.onEvent(new Event.TaskEnded(time.wallTime(), id, TaskState.CANCELLED));
            }
        });
        return after;
    }

    /** The ledger: what everything cost. */
    public Ledger ledger() {
        return ledger;
    }

    /**
     * Returns the activity log, newest first.
     *
     * @param before only entries with a smaller sequence; {@link Long#MAX_VALUE} starts at the newest
     * @param limit the most entries, 1 to 500
     */
    public List<ActivityEntry> activity(long before, int limit) {
        return store.activity().newest(before, limit);
    }

    /** Returns how each provider stands. */
    public List<ProviderStatus> providers() {
        return router.providers();
    }

    /** Returns the sessions of this node as they are now; none when it performs no tasks. */
    public List<SessionInfo> sessions() {
        return scheduler == null ? List.of() : scheduler.sessions();
    }

    /** Returns how many attempts run on this node now. */
    public int runningAttempts() {
        return scheduler == null ? 0 : scheduler.runningCount();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("Architect is closed, expected open");
        }
    }

    /**
     * Stops in order: finishes or gives back what runs (up to thirty seconds), writes what is pending, and closes the
     * providers and the store. Calling it twice does nothing more.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (scheduler != null) {
            scheduler.close();
        }
        router.close();
        activity.close();
        runner.close();
        store.close();
    }
}

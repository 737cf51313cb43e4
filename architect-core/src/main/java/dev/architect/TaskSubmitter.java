package dev.architect;

import dev.architect.check.Check;
import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.graph.TaskGraph;
import dev.architect.json.InvalidFieldException;
import dev.architect.lane.Lane;
import dev.architect.node.ClusterStore;
import dev.architect.pool.Pins;
import dev.architect.prompt.PromptTasks;
import dev.architect.route.UnservableRequestException;
import dev.architect.schedule.Scheduler;
import dev.architect.schedule.TaskCanceller;
import dev.architect.schedule.TaskHandles;
import dev.architect.spi.NodeStore;
import dev.architect.spi.Router;
import dev.architect.spi.TaskStore;
import dev.architect.spi.TimeSource;
import dev.architect.spi.Worker;
import dev.architect.submission.AcceptedTask;
import dev.architect.submission.PartialSubmissionException;
import dev.architect.submission.TaskInsert;
import dev.architect.submission.TaskSubmission;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskId;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks tasks and hands them to the store, in groups that leave others their turn. Safe for use by several threads. */
final class TaskSubmitter {

    /** The most tasks of one write: it takes a fraction of a second, in which all other writes wait. */
    static final int CHUNK = 5_000;

    private final TaskStore store;
    private final ClusterStore shared;
    private final NodeStore nodes;
    private final Map<String, Worker> workers;
    private final Router router;
    private final TimeSource time;
    private final EventListener events;
    private final TaskHandles handles;
    private final @Nullable Scheduler schedulerOrNull;
    /** The types of pinned tasks that nodes are known to look for. */
    private final Set<String> pinnedTypes = ConcurrentHashMap.newKeySet();

    TaskSubmitter(
            TaskStore store,
            ClusterStore shared,
            NodeStore nodes,
            Map<String, Worker> workers,
            Router router,
            TimeSource time,
            EventListener events,
            TaskHandles handles,
            @Nullable Scheduler schedulerOrNull) {
        this.store = store;
        this.shared = shared;
        this.nodes = nodes;
        this.workers = workers;
        this.router = router;
        this.time = time;
        this.events = events;
        this.handles = handles;
        this.schedulerOrNull = schedulerOrNull;
    }

    List<TaskHandle> submitAll(List<TaskRequest> requests) {
        List<TaskRequest> copy = List.copyOf(Check.noNulls("requests", requests));
        checkAll(copy);
        if (copy.stream().anyMatch(request -> request.options().uniqueKey().isPresent())) {
            // Not all of them may be new.
            return inChunks(copy.stream().map(TaskSubmission::of).toList(), TaskSubmission::request, store::submitOnce);
        }
        return inChunks(
                copy,
                request -> request,
                chunk -> store.submit(chunk).stream()
                        .map(id -> new AcceptedTask(id, true))
                        .toList());
    }

    List<TaskHandle> submitOnce(List<TaskSubmission> submissions) {
        List<TaskSubmission> copy = List.copyOf(Check.noNulls("submissions", submissions));
        checkAll(copy.stream().map(TaskSubmission::request).toList());
        return inChunks(copy, TaskSubmission::request, store::submitOnce);
    }

    /** Accepts a graph, in one write: what waits for each other is there together. */
    Map<String, TaskHandle> submitGraph(TaskGraph graph) {
        Check.notNull("graph", graph).nodes().forEach(node -> check(node.request(), "tasks." + node.name()));
        List<TaskId> ids = store.submitGraph(graph);
        Map<String, TaskHandle> accepted = new LinkedHashMap<>();
        for (int i = 0; i < ids.size(); i++) {
            TaskGraph.Node node = graph.nodes().get(i);
            accepted.put(node.name(), handles.handle(ids.get(i)));
            events.onEvent(new Event.TaskSubmitted(
                    time.wallTime(), ids.get(i), node.request().type()));
            TaskCanceller.publishCancelledAtOnce(ids.get(i), node.request(), store, time, events);
        }
        wake();
        return Collections.unmodifiableMap(accepted);
    }

    <E extends Exception> List<TaskHandle> submitWith(List<TaskRequest> requests, TaskInsert<E> insert) throws E {
        List<TaskRequest> copy = List.copyOf(Check.noNulls("requests", requests));
        Check.notNull("insert", insert);
        checkAll(copy);
        return insert.insert(copy).stream().map(handles::handle).toList();
    }

    /** Checks a task that is submitted later, by the store. */
    void checkTemplate(TaskRequest request) {
        check(request, "task");
    }

    void wake() {
        if (schedulerOrNull != null) {
            schedulerOrNull.wake();
        }
    }

    private void wake(List<TaskRequest> accepted) {
        if (schedulerOrNull != null && accepted.stream().allMatch(TaskSubmitter::isReadyAtOnce)) {
            schedulerOrNull.wakeForReady(accepted.stream().map(Lane::of).collect(Collectors.toSet()));
        } else {
            wake();
        }
    }

    /** All are checked before one is stored: nothing is accepted of a list with a wrong one. */
    private void checkAll(List<TaskRequest> requests) {
        for (int i = 0; i < requests.size(); i++) {
            check(requests.get(i), requests.size() == 1 ? "" : "tasks[" + i + "]");
        }
    }

    private <T> List<TaskHandle> inChunks(
            List<T> all, Function<T, TaskRequest> request, Function<List<T>, List<AcceptedTask>> write) {
        List<TaskHandle> accepted = new ArrayList<>(all.size());
        for (int from = 0; from < all.size(); from += CHUNK) {
            List<T> chunk = all.subList(from, Math.min(from + CHUNK, all.size()));
            List<AcceptedTask> tasks;
            try {
                tasks = write.apply(chunk);
            } catch (RuntimeException failure) {
                if (accepted.isEmpty()) {
                    throw failure;
                }
                throw new PartialSubmissionException(accepted, all.size(), chunk.size(), failure);
            }
            for (int i = 0; i < tasks.size(); i++) {
                AcceptedTask task = tasks.get(i);
                accepted.add(handles.handle(task));
                if (task.isNew()) {
                    events.onEvent(new Event.TaskSubmitted(
                            time.wallTime(),
                            task.id(),
                            request.apply(chunk.get(i)).type()));
                    TaskCanceller.publishCancelledAtOnce(task.id(), request.apply(chunk.get(i)), store, time, events);
                }
            }
            // After the commit, so that the round finds the tasks. Without it, the next poll would.
            wake(chunk.stream().map(request).toList());
        }
        return List.copyOf(accepted);
    }

    private static boolean isReadyAtOnce(TaskRequest request) {
        return request.delay().isZero() && request.options().parents().isEmpty();
    }

    private void check(TaskRequest request, String path) {
        try {
            check(request);
        } catch (UnservableRequestException unservable) {
            throw path.isEmpty() ? unservable : unservable.within(path + ".");
        } catch (UnknownTypeException wrong) {
            throw InvalidFieldException.value(
                    path.isEmpty() ? "type" : path + ".type", (path.isEmpty() ? "" : path + ": ") + wrong.getMessage());
        } catch (InvalidFieldException wrong) {
            throw path.isEmpty()
                    ? wrong
                    : InvalidFieldException.value(path + "." + wrong.field(), path + "." + wrong.getMessage());
        } catch (IllegalArgumentException wrong) {
            throw path.isEmpty() ? wrong : new IllegalArgumentException(path + ": " + wrong.getMessage(), wrong);
        }
    }

    /** Checks what an edit makes of a task. */
    void checkEdited(TaskRequest request) {
        check(request, "");
    }

    private void check(TaskRequest request) {
        Worker worker = workers.get(request.type());
        if (worker == null) {
            requireAnotherNode(request.type());
        } else {
            requireSessions(request.options());
            worker.check(request);
        }
        // Where this process performs no tasks, another one does, perhaps with other providers.
        if (schedulerOrNull != null && request.type().equals(TaskRequest.PROMPT)) {
            router.check(PromptTasks.requestOf(request));
        }
        // Before the task is there: one of a type that no node looks for would wait for ever.
        if (request.options().isPinned() && !pinnedTypes.contains(request.type())) {
            Pins.name(shared, Set.of(request.type()));
            pinnedTypes.add(request.type());
        }
    }

    /** A task that no worker of this process performs is for one of another process, which looks at what it is given itself. */
    private void requireAnotherNode(String type) {
        if (nodes.nodes().stream()
                .noneMatch(node ->
                        node.state().isAlive() && node.info().capabilities().contains(type))) {
            throw new UnknownTypeException(
                    "task type is '" + type + "', expected one of " + new TreeSet<>(workers.keySet()));
        }
    }

    /** Where this process performs tasks, it performs those that it accepts. */
    private void requireSessions(TaskOptions options) {
        if (schedulerOrNull != null && !schedulerOrNull.kinds().contains(options.sessionKind())) {
            throw InvalidFieldException.value(
                    "sessionKind",
                    "sessionKind is '" + options.sessionKind() + "', expected one that this node has a pool of: "
                            + new TreeSet<>(schedulerOrNull.kinds()));
        }
    }

    /** Told apart from what workers throw, whose messages begin with the field. */
    private static final class UnknownTypeException extends IllegalArgumentException {

        private static final long serialVersionUID = 1L;

        private UnknownTypeException(String message) {
            super(message);
        }
    }
}

package dev.architect.store.memory;

import dev.architect.change.ChangeTopic;
import dev.architect.graph.TaskGraph;
import dev.architect.maintenance.TaskEdit;
import dev.architect.submission.AcceptedTask;
import dev.architect.submission.TaskDeadlines;
import dev.architect.submission.TaskSubmission;
import dev.architect.submission.UniqueKeyTakenException;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.task.UniqueKey;
import dev.architect.task.UniqueKey.OnConflict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** How tasks are accepted: what has to hold before, the ids, and each task's place in the other tables. Guarded by the store's lock. */
final class InMemorySubmissions {

    private final InMemoryStore store;
    private final Map<TaskId, InMemoryTask> tasks;
    private final InMemoryWaiting waiting;
    private final InMemoryKeys keys;
    private final InMemoryUniqueKeys uniqueKeys;
    private final InMemoryDeadlines deadlines;
    private final InMemoryDependencies dependencies;
    private long lastNumber;

    /** Creates it; {@code tasks} are those of the store. */
    InMemorySubmissions(
            InMemoryStore store,
            Map<TaskId, InMemoryTask> tasks,
            InMemoryWaiting waiting,
            InMemoryKeys keys,
            InMemoryUniqueKeys uniqueKeys,
            InMemoryDeadlines deadlines,
            InMemoryDependencies dependencies) {
        this.store = store;
        this.tasks = tasks;
        this.waiting = waiting;
        this.keys = keys;
        this.uniqueKeys = uniqueKeys;
        this.deadlines = deadlines;
        this.dependencies = dependencies;
    }

    /** Accepts all of these, which have no unique keys, or none. */
    List<TaskId> accept(List<TaskRequest> requests) {
        store.shardTable().requireServed(requests.stream());
        requests.forEach(request -> requireParents(request, Set.of()));
        store.laneTable().requireRoom(requests);
        return requests.stream().map(this::accept).toList();
    }

    /** Accepts all of these or none; what was accepted before, or has the unique key of a task that has not ended, is that task. */
    List<AcceptedTask> acceptOnce(List<TaskSubmission> submissions, List<String> hashes) {
        store.shardTable().requireServed(submissions.stream().map(TaskSubmission::request));
        keys.check(submissions, hashes);
        store.laneTable().requireRoom(requireFree(submissions, Set.of()));
        List<AcceptedTask> accepted = new ArrayList<>();
        for (int i = 0; i < submissions.size(); i++) {
            accepted.add(acceptOnce(submissions.get(i), hashes.get(i)));
        }
        return accepted;
    }

    /** Accepts a whole graph; {@code alone} are its requests without their parents. */
    List<TaskId> accept(TaskGraph graph, List<TaskRequest> alone) {
        store.shardTable().requireServed(alone.stream());
        List<TaskId> ids = new ArrayList<>();
        for (int i = 0; i < alone.size(); i++) {
            ids.add(idOf(lastNumber + 1 + i, alone.get(i)));
        }
        List<TaskRequest> requests = graph.requests(ids);
        store.laneTable()
                .requireRoom(
                        requireFree(requests.stream().map(TaskSubmission::of).toList(), Set.copyOf(ids)));
        return requests.stream().map(this::accept).toList();
    }

    void requireParents(TaskRequest request, Set<TaskId> together) {
        dependencies.require(request, store.shardTable().isInGroup(), together);
    }

    /**
     * Before anything is changed: fails when a unique key is taken, by an earlier submission of the list as well, and must be free; and when a
     * parent is missing, which is not one of {@code together}. Returns those that are new.
     */
    private List<TaskRequest> requireFree(List<TaskSubmission> submissions, Set<TaskId> together) {
        List<TaskRequest> added = new ArrayList<>();
        Map<List<Object>, TaskId> first = new HashMap<>();
        Set<List<Object>> repeated = new HashSet<>();
        long number = lastNumber;
        for (TaskSubmission submission : submissions) {
            TaskRequest request = submission.request();
            if (submission.key().isPresent()
                    && (keys.taskOf(submission).isPresent()
                            || !repeated.add(List.of(
                                    request.attribution().project(),
                                    submission.key().get())))) {
                continue;
            }
            Optional<UniqueKey> key = request.options().uniqueKey();
            if (key.isEmpty()) {
                requireParents(request, together);
                number++;
                added.add(request);
                continue;
            }
            List<Object> named =
                    List.of(request.attribution().project(), key.get().value());
            TaskId holder = holder(request).map(task -> task.id).orElse(first.get(named));
            if (holder == null) {
                requireParents(request, together);
                first.put(named, idOf(++number, request));
                added.add(request);
            } else if (key.get().onConflict() == OnConflict.REJECT) {
                throw new UniqueKeyTakenException(key.get().value(), holder);
            }
        }
        return added;
    }

    private Optional<InMemoryTask> holder(TaskRequest request) {
        return request.options()
                .uniqueKey()
                .flatMap(key -> uniqueKeys.holder(request.attribution().project(), key.value()));
    }

    private TaskId idOf(long number, TaskRequest request) {
        return TaskId.of(
                number,
                store.shardTable().storeNumber(),
                request.attribution().project().shard());
    }

    private AcceptedTask acceptOnce(TaskSubmission submission, String requestHash) {
        Optional<TaskId> earlier = submission.key().flatMap(key -> keys.taskOf(submission));
        if (earlier.isPresent()) {
            return new AcceptedTask(earlier.get(), false);
        }
        Optional<InMemoryTask> holder = holder(submission.request());
        if (holder.isPresent()) {
            InMemoryTask task = holder.get();
            if (submission.request().options().uniqueKey().orElseThrow().onConflict() == OnConflict.REPLACE) {
                waiting.edit(task, TaskEdit.to(submission.request()));
            }
            if (submission.key().isPresent()) {
                task.isKeyed = true;
                keys.put(submission, requestHash, task.id);
            }
            return new AcceptedTask(task.id, false);
        }
        TaskId id = accept(submission.request());
        if (submission.key().isPresent()) {
            Objects.requireNonNull(tasks.get(id)).isKeyed = true;
            keys.put(submission, requestHash, id);
        }
        return new AcceptedTask(id, true);
    }

    private TaskId accept(TaskRequest request) {
        TaskId id = idOf(++lastNumber, request);
        InMemoryTask task = new InMemoryTask(id, request, store.now());
        tasks.put(id, task);
        store.changed(ChangeTopic.TASK, id.value());
        uniqueKeys.take(task);
        deadlines.set(task, TaskDeadlines.of(request.options(), store.now()));
        boolean isDoomed = dependencies.attach(task);
        if (request.delay().isZero()) {
            waiting.becomeReady(task);
        } else if (task.pending == 0) {
            waiting.schedule(task, request.delay());
        } else {
            task.dueAt = store.after(request.delay());
            waiting.becomeReady(task);
        }
        if (isDoomed) {
            // At the time of its creation, which shows the submitter that it never waited.
            waiting.leave(task);
            task.end(TaskState.CANCELLED, task.createdAt);
            dependencies.ended(task);
        }
        return id;
    }
}

package dev.architect.store.memory;

import dev.architect.attempt.Attempt;
import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.change.ChangeTopic;
import dev.architect.graph.ParentOutcome;
import dev.architect.graph.TaskGraph;
import dev.architect.graph.TaskLink;
import dev.architect.maintenance.PurgeCursor;
import dev.architect.maintenance.PurgedTasks;
import dev.architect.maintenance.TaskAction;
import dev.architect.maintenance.TaskEdit;
import dev.architect.maintenance.TaskFilter;
import dev.architect.maintenance.TaskRetention;
import dev.architect.project.ProjectId;
import dev.architect.shard.MovedTask.MovedEdge;
import dev.architect.spi.Store.Change;
import dev.architect.spi.Store.ChangeKind;
import dev.architect.spi.TaskStore;
import dev.architect.store.memory.lock.PageLimit;
import dev.architect.store.memory.lock.StoredTime;
import dev.architect.submission.AcceptedTask;
import dev.architect.submission.IdempotencyKey;
import dev.architect.submission.TaskDeadlines;
import dev.architect.submission.TaskSubmission;
import dev.architect.task.KeyLimit;
import dev.architect.task.ParentTask;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskResult;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tasks in memory. Guarded by the store's lock. */
final class InMemoryTasks implements TaskStore {

    private static final Set<TaskState> NOT_BEGUN =
            EnumSet.of(TaskState.READY, TaskState.SCHEDULED, TaskState.LIMITED, TaskState.BLOCKED);

    private static final Change READY = Change.of(ChangeKind.TASK_READY);
    private static final Change READY_OR_ENDED = Change.of(ChangeKind.TASK_READY, ChangeKind.TASK_ENDED);

    private final InMemoryStore store;
    private final NavigableMap<TaskId, InMemoryTask> tasks = new TreeMap<>();
    private final InMemoryTaskPages pages = new InMemoryTaskPages(tasks);
    private final InMemoryWaiting waiting;
    private final InMemoryAttempts attempts;
    private final InMemoryKeys keys;
    private final InMemoryUniqueKeys uniqueKeys = new InMemoryUniqueKeys();
    private final InMemoryDeadlines deadlines = new InMemoryDeadlines();
    private final InMemoryDependencies dependencies = new InMemoryDependencies(tasks);
    private final InMemorySubmissions submissions;

    InMemoryTasks(InMemoryStore store) {
        this.store = store;
        this.waiting = new InMemoryWaiting(store);
        this.attempts = new InMemoryAttempts(store, waiting, deadlines, this::end);
        this.keys = new InMemoryKeys(store);
        this.submissions = new InMemorySubmissions(store, tasks, waiting, keys, uniqueKeys, deadlines, dependencies);
    }

    @Override
    public List<TaskId> submit(List<TaskRequest> requests) {
        // Copied before the lock, here and below: a caller's collection
        // may run code of its own, which must not run under it.
        List<TaskRequest> copy = List.copyOf(requests);
        if (copy.stream().anyMatch(request -> request.options().uniqueKey().isPresent())) {
            return submitOnce(copy.stream().map(TaskSubmission::of).toList()).stream()
                    .map(AcceptedTask::id)
                    .toList();
        }
        return changing(READY, ids -> !ids.isEmpty(), () -> submissions.accept(copy));
    }

    @Override
    public List<AcceptedTask> submitOnce(List<TaskSubmission> wanted) {
        List<TaskSubmission> copy = List.copyOf(wanted);
        List<String> hashes = copy.stream()
                .map(submission -> submission.key().isPresent() ? submission.requestHash() : "")
                .toList();
        return changing(
                READY, accepted -> accepted.stream().anyMatch(AcceptedTask::isNew), () -> acceptAllOnce(copy, hashes));
    }

    /** Under the store's lock, and without announcing the change. */
    List<AcceptedTask> acceptAllOnce(List<TaskSubmission> wanted, List<String> hashes) {
        List<AcceptedTask> accepted = submissions.acceptOnce(wanted, hashes);
        settle();
        return accepted;
    }

    @Override
    public List<TaskId> submitGraph(TaskGraph graph) {
        List<TaskRequest> alone = graph.requests();
        return changing(READY, ids -> true, () -> submissions.accept(graph, alone));
    }

    /** A change, after which the children of what has ended go on, and free permits are given out. */
    private <T> T changing(Change change, Predicate<T> isChanged, Supplier<T> body) {
        return store.changing(change, isChanged, () -> {
            T result = body.get();
            settle();
            return result;
        });
    }

    /** The last part of each change. */
    void settle() {
        dependencies.settle(waiting::release, child -> cancelNow(child));
        waiting.promoteLimited();
    }

    @Override
    public int promoteLimited(int limit) {
        PageLimit.check(limit, MAX_BATCH);
        return store.changing(READY, promoted -> promoted > 0, () -> {
            waiting.limits().touchAll();
            return waiting.promoteLimited();
        });
    }

    @Override
    public void setLimit(KeyLimit limit) {
        changing(READY, set -> true, () -> {
            waiting.limits().set(limit);
            return limit;
        });
    }

    @Override
    public boolean removeLimit(ProjectId project, String key) {
        return store.locked(() -> waiting.limits().unset(project, key));
    }

    @Override
    public List<KeyLimit> limits(Optional<KeyLimit> after, int limit) {
        PageLimit.check(limit, MAX_BATCH);
        return store.locked(() -> waiting.limits().rules(after, limit));
    }

    private void changed(InMemoryTask task) {
        store.changed(ChangeTopic.TASK, task.id.value());
    }

    /** Tasks that have not ended, but for those that are out of reach. */
    Stream<InMemoryTask> unfinished() {
        return tasks.values().stream().filter(task -> !task.isTaken && !task.state.isTerminal());
    }

    @Override
    public Optional<TaskId> holderOf(ProjectId project, String uniqueKey) {
        return store.locked(() -> uniqueKeys.holder(project, uniqueKey).map(task -> task.id));
    }

    private void end(InMemoryTask task, TaskState state) {
        changed(task);
        task.end(state, store.now());
        dependencies.ended(task);
    }

    @Override
    public boolean edit(TaskId id, TaskEdit edit) {
        return changing(READY, isEdited -> isEdited, () -> {
            InMemoryTask task = tasks.get(id);
            return task != null
                    && edit.version()
                            .filter(seen -> seen != task.toTask().version())
                            .isEmpty()
                    && waiting.edit(task, edit);
        });
    }

    @Override
    public boolean replaceParents(TaskId id, List<ParentTask> parents, Optional<Long> version) {
        List<ParentTask> copy = List.copyOf(parents);
        return changing(READY_OR_ENDED, isReplaced -> isReplaced, () -> {
            InMemoryTask task = tasks.get(id);
            if (task == null
                    || task.isTaken
                    || !NOT_BEGUN.contains(task.state)
                    || version.filter(seen -> seen != task.toTask().version()).isPresent()) {
                return false;
            }
            TaskRequest request =
                    task.request.withOptions(task.request.options().withParents(copy));
            dependencies.requireNoCycle(task, copy);
            submissions.requireParents(request, Set.of());
            waiting.leave(task);
            task.request = request;
            if (dependencies.replace(task)) {
                end(task, TaskState.CANCELLED);
            } else if (task.pending > 0) {
                task.state = TaskState.BLOCKED;
                waiting.enter(task);
            } else if (task.state == TaskState.BLOCKED) {
                waiting.release(task);
            } else {
                waiting.enter(task);
            }
            return true;
        });
    }

    @Override
    public boolean runNow(TaskId id) {
        return changing(READY, isNow -> isNow, () -> {
            InMemoryTask task = tasks.get(id);
            if (task == null
                    || task.isTaken
                    || (task.state != TaskState.READY
                            && task.state != TaskState.SCHEDULED
                            && task.state != TaskState.LIMITED)) {
                return false;
            }
            waiting.leave(task);
            task.dueAt = null;
            task.sortKey = task.sortKey(Instant.EPOCH);
            waiting.becomeReady(task);
            return true;
        });
    }

    @Override
    public Map<TaskId, TaskState> change(Collection<TaskId> ids, TaskAction action) {
        List<TaskId> copy = List.copyOf(ids);
        PageLimit.check(Math.max(1, copy.size()), MAX_BATCH);
        return changing(Change.ANY, changed -> !changed.isEmpty(), () -> {
            Map<TaskId, TaskState> changed = new TreeMap<>();
            for (TaskId id : copy) {
                InMemoryTask task = tasks.get(id);
                if (task != null && action.states().contains(task.state) && change(task, action)) {
                    changed.put(id, task.state);
                }
            }
            return changed;
        });
    }

    private boolean change(InMemoryTask task, TaskAction action) {
        return switch (action.kind()) {
            case CANCEL -> !task.isTaken && cancelNow(task);
            case HOLD -> holdNow(task);
            case RESUME -> resumeNow(task, Optional.empty());
            case PRIORITY ->
                waiting.edit(task, TaskEdit.NONE.withPriority(action.priority().orElseThrow()));
            case REDRIVE -> throw new IllegalArgumentException("action is redrive, expected any other");
        };
    }

    private boolean cancelNow(InMemoryTask task) {
        if (task.state == TaskState.RUNNING) {
            task.cancelRequested = true;
            changed(task);
            return true;
        }
        waiting.leave(task);
        end(task, TaskState.CANCELLED);
        return true;
    }

    @Override
    public List<TaskId> expire(int limit) {
        PageLimit.check(limit, MAX_BATCH);
        return changing(READY_OR_ENDED, expired -> !expired.isEmpty(), () -> {
            List<InMemoryTask> over = deadlines.over(store.now(), limit);
            for (InMemoryTask task : over) {
                waiting.leave(task);
                end(task, TaskState.EXPIRED);
            }
            return over.stream().map(task -> task.id).toList();
        });
    }

    @Override
    public Optional<Duration> untilNextExpiry() {
        return store.locked(() -> deadlines.next().map(next -> StoredTime.between(store.now(), next)));
    }

    @Override
    public int promoteDue(int limit) {
        PageLimit.check(limit, Integer.MAX_VALUE);
        return changing(READY, count -> count > 0, () -> waiting.promoteDue(limit));
    }

    @Override
    public Optional<Duration> untilNextDue() {
        return store.locked(waiting::untilNextDue);
    }

    @Override
    public List<ClaimedTask> claim(ClaimRequest request) {
        return store.locked(() -> attempts.claim(request));
    }

    @Override
    public Set<FencingToken> finish(List<AttemptEnd> ends) {
        List<AttemptEnd> copy = List.copyOf(ends);
        return changing(READY_OR_ENDED, recorded -> !recorded.isEmpty(), () -> attempts.finish(copy));
    }

    @Override
    public Optional<Task> cancel(TaskId id) {
        return changing(
                Change.ANY,
                Optional::isPresent,
                () -> Optional.ofNullable(tasks.get(id)).map(task -> {
                    if (!task.state.isTerminal() && !task.isTaken) {
                        cancelNow(task);
                    }
                    return task.toTask();
                }));
    }

    @Override
    public Optional<FencingToken> forceCancel(TaskId id) {
        return changing(Change.ANY, Optional::isPresent, () -> attempts.forceCancel(id));
    }

    @Override
    public boolean hold(TaskId id) {
        return changing(READY, isHeld -> false, () -> {
            InMemoryTask task = tasks.get(id);
            return task != null && holdNow(task);
        });
    }

    private boolean holdNow(InMemoryTask task) {
        if (task.isTaken
                || task.cancelRequested
                || (task.state != TaskState.READY
                        && task.state != TaskState.SCHEDULED
                        && task.state != TaskState.BLOCKED
                        && task.state != TaskState.LIMITED)) {
            return false;
        }
        holdBack(task);
        return true;
    }

    private void holdBack(InMemoryTask task) {
        waiting.leave(task);
        changed(task);
        task.state = TaskState.HELD;
    }

    @Override
    public boolean resume(TaskId id, Optional<String> input) {
        return changing(READY, isResumed -> isResumed, () -> {
            InMemoryTask task = tasks.get(id);
            return task != null && resumeNow(task, input);
        });
    }

    private boolean resumeNow(InMemoryTask task, Optional<String> input) {
        if (task.isTaken || task.state != TaskState.HELD) {
            return false;
        }
        task.input = input.orElse(task.input);
        task.sortKey = task.sortKey(store.now());
        waiting.becomeReady(task);
        return true;
    }

    @Override
    public Set<TaskId> redrive(Collection<TaskId> ids) {
        List<TaskId> copy = List.copyOf(ids);
        PageLimit.check(Math.max(1, copy.size()), MAX_BATCH);
        return changing(READY, changed -> !changed.isEmpty(), () -> {
            Set<TaskId> redriven = new LinkedHashSet<>();
            for (TaskId id : copy) {
                InMemoryTask task = tasks.get(id);
                if (task != null
                        && !task.isTaken
                        && (task.state == TaskState.DEAD
                                || task.state == TaskState.CANCELLED
                                || task.state == TaskState.EXPIRED)
                        && uniqueKeys.take(task)) {
                    task.redrive(store.now());
                    deadlines.set(task, TaskDeadlines.of(task.request.options(), store.now()));
                    waiting.becomeReady(task);
                    redriven.add(id);
                }
            }
            return redriven;
        });
    }

    @Override
    public PurgedTasks purge(TaskRetention retention, Optional<PurgeCursor> after, int limit) {
        PageLimit.check(limit, MAX_BATCH);
        return store.locked(() -> {
            Instant now = store.now();
            keys.removeExpired();
            // By id, which in memory is the order of creation.
            List<InMemoryTask> seen =
                    after.map(cursor -> tasks.tailMap(cursor.task(), false)).orElse(tasks).values().stream()
                            .limit(limit)
                            .toList();
            List<InMemoryTask> old = seen.stream()
                    .filter(task -> isOver(task, retention, now))
                    .filter(task -> !dependencies.isNeeded(task))
                    .toList();
            old.forEach(task -> {
                tasks.remove(task.id);
                forget(task);
                if (store.ledgerTable().hasCallsOf(task.id)) {
                    attempts.keepSuccesses(task);
                }
            });
            InMemoryTask last = seen.size() < limit ? null : seen.get(seen.size() - 1);
            return new PurgedTasks(
                    old.size(), Optional.ofNullable(last).map(task -> new PurgeCursor(task.createdAt, task.id)));
        });
    }

    private static boolean isOver(InMemoryTask task, TaskRetention retention, Instant now) {
        Duration kept = retention.of(task.state);
        return task.endedAt != null
                && !task.isTaken
                && !kept.equals(TaskRetention.FOREVER)
                && task.endedAt.isBefore(now.minus(kept))
                // Whoever repeats the submission gets this task.
                && !(task.isKeyed && task.createdAt.isAfter(now.minus(IdempotencyKey.RETENTION)));
    }

    @Override
    public Set<FencingToken> cancelRequested(Collection<FencingToken> fencingTokens) {
        List<FencingToken> copy = List.copyOf(fencingTokens);
        return store.locked(() -> attempts.cancelRequested(copy));
    }

    @Override
    public int reap(long deadIncarnation) {
        return changing(READY_OR_ENDED, count -> count > 0, () -> attempts.reap(deadIncarnation));
    }

    @Override
    public Set<FencingToken> runningOf(long incarnation) {
        return store.locked(() -> attempts.of(incarnation));
    }

    /** Whether that attempt of that task succeeded. */
    boolean hasSucceeded(TaskId id, long epoch) {
        InMemoryTask task = tasks.get(id);
        return attempts.succeededBefore(id, epoch)
                || (task != null
                        && task.attempts.stream()
                                .anyMatch(attempt ->
                                        attempt.epoch() == epoch && attempt.outcome() == AttemptOutcome.SUCCEEDED));
    }

    InMemoryAttempts attemptTable() {
        return attempts;
    }

    Optional<InMemoryTask> any(TaskId id) {
        return Optional.ofNullable(tasks.get(id));
    }

    @Override
    public Optional<Task> find(TaskId id) {
        return store.locked(() -> Optional.ofNullable(tasks.get(id)).map(InMemoryTask::toTask));
    }

    @Override
    public List<Task> list(TaskQuery query) {
        return store.locked(() -> pages.list(query));
    }

    @Override
    public List<TaskId> ids(TaskFilter filter, Optional<TaskId> after, int limit) {
        PageLimit.check(limit, MAX_IDS);
        return store.locked(() -> pages.ids(filter, after, limit));
    }

    @Override
    public Optional<TaskResult> result(TaskId id) {
        return store.locked(() -> Optional.ofNullable(tasks.get(id))
                .filter(task -> task.state.isTerminal())
                .map(InMemoryTask::result));
    }

    @Override
    public Set<TaskId> ended(Collection<TaskId> ids) {
        List<TaskId> copy = List.copyOf(ids);
        return store.locked(() -> copy.stream()
                .filter(id -> {
                    InMemoryTask task = tasks.get(id);
                    return task != null && task.state.isTerminal();
                })
                .collect(Collectors.toUnmodifiableSet()));
    }

    @Override
    public Optional<FencingToken> runningAttempt(TaskId id) {
        return store.locked(() -> attempts.of(id));
    }

    @Override
    public List<Attempt> attempts(TaskId id) {
        return store.locked(() -> {
            InMemoryTask task = tasks.get(id);
            return task == null ? List.of() : List.copyOf(task.attempts);
        });
    }

    @Override
    public Map<TaskState, Long> counts() {
        return store.locked(() -> {
            Map<TaskState, Long> counts = new EnumMap<>(TaskState.class);
            tasks.values().stream()
                    .filter(task -> !task.isTaken)
                    .forEach(task -> counts.merge(task.state, 1L, Long::sum));
            return counts;
        });
    }

    @Override
    public List<TaskLink> parents(TaskId id) {
        return store.locked(() -> any(id).map(dependencies::parents).orElse(List.of()));
    }

    @Override
    public List<TaskLink> children(TaskId id, Optional<TaskId> after, int limit) {
        PageLimit.check(limit, MAX_BATCH);
        return store.locked(() -> dependencies.children(id, after, limit));
    }

    @Override
    public List<ParentOutcome> parentOutcomes(TaskId id) {
        return store.locked(() -> any(id).map(dependencies::outcomes).orElse(List.of()));
    }

    @Override
    public List<TaskId> cancelledBy(Collection<TaskId> ended) {
        List<TaskId> copy = List.copyOf(ended);
        PageLimit.check(Math.max(1, copy.size()), MAX_BATCH);
        return store.locked(() -> dependencies.cancelledBy(copy));
    }

    InMemoryDependencies dependencyTable() {
        return dependencies;
    }

    private void forget(InMemoryTask task) {
        changed(task);
        dependencies.remove(task);
        uniqueKeys.remove(task);
        waiting.limits().leave(task);
        deadlines.remove(task);
    }

    boolean isEmpty() {
        return tasks.isEmpty();
    }

    InMemoryKeys keyTable() {
        return keys;
    }

    /** All tasks after an id, in order. */
    Stream<InMemoryTask> after(Optional<TaskId> last) {
        return last.map(id -> tasks.tailMap(id, false)).orElse(tasks).values().stream();
    }

    /** Puts a task out of reach; one that runs is handed back first. */
    void take(InMemoryTask task) {
        dependencies.cut(task, this::holdBack);
        if (task.state == TaskState.RUNNING) {
            attempts.handBack(task, "its shard moved to another store");
        } else {
            waiting.leave(task);
        }
        changed(task);
        task.isTaken = true;
    }

    void giveBack(InMemoryTask task) {
        task.isTaken = false;
        if (task.state == TaskState.READY) {
            // Its permit may belong to another by now.
            waiting.becomeReady(task);
        } else {
            waiting.enter(task);
        }
        dependencies.settleLater(task);
    }

    /** Adds a task that was taken elsewhere, unless it is there. */
    void add(InMemoryTask task, List<MovedEdge> edges) {
        if (tasks.putIfAbsent(task.id, task) == null) {
            dependencies.arrive(task, edges);
            if (!task.state.isTerminal()) {
                uniqueKeys.take(task);
            }
            deadlines.set(task, task.deadlines);
            waiting.enter(task);
            dependencies.settleLater(task);
        }
    }

    /** Removes a task that is in another store now; its entries in the ledger stay, and need to know which attempts succeeded. */
    void remove(TaskId id) {
        InMemoryTask task = Objects.requireNonNull(tasks.remove(id));
        forget(task);
        if (!task.isTaken) {
            waiting.leave(task);
        }
        attempts.keepSuccesses(task);
    }
}

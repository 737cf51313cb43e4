package dev.architect.cluster.hint;

import dev.architect.attempt.Attempt;
import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.error.StoreException;
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
import dev.architect.spi.Store.Change;
import dev.architect.spi.Store.ChangeKind;
import dev.architect.spi.TaskStore;
import dev.architect.submission.AcceptedTask;
import dev.architect.submission.TaskSubmission;
import dev.architect.task.KeyLimit;
import dev.architect.task.ParentTask;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskPage;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskResult;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** Announces changes to tasks to other nodes, after they were committed. Safe for use by several threads. */
public final class HintingTasks implements TaskStore {

    private static final Set<ChangeKind> NOTHING = Set.of();
    private static final Set<ChangeKind> READY = Set.of(ChangeKind.TASK_READY);
    private static final Set<ChangeKind> READY_OR_ENDED = Set.of(ChangeKind.TASK_READY, ChangeKind.TASK_ENDED);
    /** What a change to tasks can be at all. */
    private static final Set<ChangeKind> UNKNOWN =
            Set.of(ChangeKind.TASK_READY, ChangeKind.TASK_ENDED, ChangeKind.CANCEL_REQUESTED);

    private final TaskStore tasks;
    private final Consumer<Set<ChangeKind>> changed;

    /** Creates a store that calls {@code changed}, which never blocks and never throws, after a change to {@code tasks}. */
    public HintingTasks(TaskStore tasks, Consumer<Set<ChangeKind>> changed) {
        this.tasks = tasks;
        this.changed = changed;
    }

    private <T> T hinting(Supplier<T> change, Function<T, Set<ChangeKind>> kinds) {
        T result;
        try {
            result = change.get();
        } catch (StoreException failure) {
            if (failure.kind() == StoreException.Kind.OUTCOME_UNKNOWN) {
                changed.accept(UNKNOWN);
            }
            throw failure;
        }
        Set<ChangeKind> happened = kinds.apply(result);
        if (!happened.isEmpty()) {
            changed.accept(happened);
        }
        return result;
    }

    @Override
    public List<TaskId> submit(List<TaskRequest> requests) {
        // Those that are due later as well: others wait for the earliest of all.
        return hinting(() -> tasks.submit(requests), ids -> ids.isEmpty() ? NOTHING : READY);
    }

    @Override
    public List<AcceptedTask> submitOnce(List<TaskSubmission> submissions) {
        return hinting(
                () -> tasks.submitOnce(submissions),
                accepted -> accepted.stream().anyMatch(AcceptedTask::isNew) ? READY : NOTHING);
    }

    @Override
    public List<TaskId> submitGraph(TaskGraph graph) {
        return hinting(() -> tasks.submitGraph(graph), ids -> READY);
    }

    @Override
    public List<TaskLink> parents(TaskId id) {
        return tasks.parents(id);
    }

    @Override
    public List<TaskLink> children(TaskId id, Optional<TaskId> after, int limit) {
        return tasks.children(id, after, limit);
    }

    @Override
    public List<ParentOutcome> parentOutcomes(TaskId id) {
        return tasks.parentOutcomes(id);
    }

    @Override
    public List<TaskId> cancelledBy(Collection<TaskId> ended) {
        return tasks.cancelledBy(ended);
    }

    @Override
    public int promoteDue(int limit) {
        return hinting(() -> tasks.promoteDue(limit), promoted -> promoted > 0 ? READY : NOTHING);
    }

    @Override
    public int promoteLimited(int limit) {
        return hinting(() -> tasks.promoteLimited(limit), promoted -> promoted > 0 ? READY : NOTHING);
    }

    @Override
    public void setLimit(KeyLimit limit) {
        hinting(
                () -> {
                    tasks.setLimit(limit);
                    return limit;
                },
                set -> READY);
    }

    @Override
    public boolean removeLimit(ProjectId project, String key) {
        return tasks.removeLimit(project, key);
    }

    @Override
    public List<KeyLimit> limits(Optional<KeyLimit> after, int limit) {
        return tasks.limits(after, limit);
    }

    @Override
    public Optional<TaskId> holderOf(ProjectId project, String uniqueKey) {
        return tasks.holderOf(project, uniqueKey);
    }

    @Override
    public boolean edit(TaskId id, TaskEdit edit) {
        return hinting(() -> tasks.edit(id, edit), isEdited -> isEdited ? READY : NOTHING);
    }

    @Override
    public boolean replaceParents(TaskId id, List<ParentTask> parents, Optional<Long> version) {
        return hinting(
                () -> tasks.replaceParents(id, parents, version), isReplaced -> isReplaced ? READY_OR_ENDED : NOTHING);
    }

    @Override
    public boolean runNow(TaskId id) {
        return hinting(() -> tasks.runNow(id), isNow -> isNow ? READY : NOTHING);
    }

    @Override
    public Map<TaskId, TaskState> change(Collection<TaskId> ids, TaskAction action) {
        return hinting(
                () -> tasks.change(ids, action),
                changed -> changed.isEmpty()
                        ? NOTHING
                        : Set.of(ChangeKind.TASK_READY, ChangeKind.TASK_ENDED, ChangeKind.CANCEL_REQUESTED));
    }

    @Override
    public List<TaskId> expire(int limit) {
        return hinting(
                () -> tasks.expire(limit), expired -> expired.isEmpty() ? NOTHING : Set.of(ChangeKind.TASK_ENDED));
    }

    @Override
    public Optional<Duration> untilNextExpiry() {
        return tasks.untilNextExpiry();
    }

    @Override
    public Optional<Duration> untilNextDue() {
        return tasks.untilNextDue();
    }

    @Override
    public List<ClaimedTask> claim(ClaimRequest request) {
        return tasks.claim(request);
    }

    @Override
    public Set<FencingToken> finish(List<AttemptEnd> ends) {
        return hinting(
                () -> tasks.finish(ends),
                matched -> Change.ofEnds(ends, matched).kinds());
    }

    @Override
    public Optional<Task> cancel(TaskId id) {
        return hinting(
                () -> tasks.cancel(id),
                task -> task.map(cancelled -> Change.ofCancel(cancelled.state()).kinds())
                        .orElse(NOTHING));
    }

    @Override
    public Optional<FencingToken> forceCancel(TaskId id) {
        return hinting(
                () -> tasks.forceCancel(id),
                ended -> ended.isPresent() ? Set.of(ChangeKind.TASK_ENDED, ChangeKind.CANCEL_REQUESTED) : NOTHING);
    }

    @Override
    public boolean hold(TaskId id) {
        return tasks.hold(id);
    }

    @Override
    public boolean resume(TaskId id, Optional<String> input) {
        return hinting(() -> tasks.resume(id, input), resumed -> resumed ? READY : NOTHING);
    }

    @Override
    public Set<TaskId> redrive(Collection<TaskId> ids) {
        return hinting(() -> tasks.redrive(ids), ready -> ready.isEmpty() ? NOTHING : READY);
    }

    @Override
    public PurgedTasks purge(TaskRetention retention, Optional<PurgeCursor> after, int limit) {
        return tasks.purge(retention, after, limit);
    }

    @Override
    public Set<FencingToken> cancelRequested(Collection<FencingToken> fencingTokens) {
        return tasks.cancelRequested(fencingTokens);
    }

    @Override
    public int reap(long deadIncarnation) {
        return hinting(
                () -> tasks.reap(deadIncarnation),
                recovered -> recovered > 0 ? Set.of(ChangeKind.TASK_READY, ChangeKind.TASK_ENDED) : NOTHING);
    }

    @Override
    public Set<FencingToken> runningOf(long incarnation) {
        return tasks.runningOf(incarnation);
    }

    @Override
    public Optional<Task> find(TaskId id) {
        return tasks.find(id);
    }

    @Override
    public List<Task> list(TaskQuery query) {
        return tasks.list(query);
    }

    @Override
    public TaskPage browse(TaskQuery query) {
        return tasks.browse(query);
    }

    @Override
    public List<TaskId> ids(TaskFilter filter, Optional<TaskId> after, int limit) {
        return tasks.ids(filter, after, limit);
    }

    @Override
    public Optional<TaskResult> result(TaskId id) {
        return tasks.result(id);
    }

    @Override
    public Set<TaskId> ended(Collection<TaskId> ids) {
        return tasks.ended(ids);
    }

    @Override
    public Optional<FencingToken> runningAttempt(TaskId id) {
        return tasks.runningAttempt(id);
    }

    @Override
    public List<Attempt> attempts(TaskId id) {
        return tasks.attempts(id);
    }

    @Override
    public Map<TaskState, Long> counts() {
        return tasks.counts();
    }
}

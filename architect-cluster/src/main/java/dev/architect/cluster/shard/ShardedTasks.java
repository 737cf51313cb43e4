package dev.architect.cluster.shard;

import dev.architect.attempt.Attempt;
import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.cluster.shard.StoreGroup.Answer;
import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import dev.architect.graph.ParentOutcome;
import dev.architect.graph.ParentRefusedException;
import dev.architect.graph.ParentRefusedException.Reason;
import dev.architect.graph.TaskGraph;
import dev.architect.graph.TaskLink;
import dev.architect.json.InvalidFieldException;
import dev.architect.maintenance.PurgeCursor;
import dev.architect.maintenance.PurgedTasks;
import dev.architect.maintenance.TaskAction;
import dev.architect.maintenance.TaskEdit;
import dev.architect.maintenance.TaskFilter;
import dev.architect.maintenance.TaskRetention;
import dev.architect.project.ProjectId;
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
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** The tasks of a group of stores. Safe for use by several threads. */
final class ShardedTasks implements TaskStore {

    private static final TaskState[] WAITING = {
        TaskState.READY, TaskState.SCHEDULED, TaskState.BLOCKED, TaskState.LIMITED, TaskState.HELD
    };

    private final StoreGroup group;
    private final ShardedNodes nodes;
    private final ShardedClaims claims;
    private final ShardedPages pages;
    // Of the walk over what is old, which goes through one store after the other.
    private int purged;

    ShardedTasks(StoreGroup group, ShardedNodes nodes) {
        this.group = group;
        this.nodes = nodes;
        this.claims = new ShardedClaims(group, nodes);
        this.pages = new ShardedPages(group);
    }

    @Override
    public List<TaskId> submit(List<TaskRequest> requests) {
        List<TaskRequest> copy = List.copyOf(requests);
        // Before the first store accepts its part.
        copy.forEach(ShardedTasks::requireSameShard);
        return split(
                copy,
                request -> request.attribution().project().shard(),
                (member, part) -> member.store().tasks().submit(part));
    }

    @Override
    public List<AcceptedTask> submitOnce(List<TaskSubmission> submissions) {
        List<TaskSubmission> copy = List.copyOf(submissions);
        copy.forEach(submission -> requireSameShard(submission.request()));
        return split(
                copy,
                submission -> submission.request().attribution().project().shard(),
                (member, part) -> member.store().tasks().submitOnce(part));
    }

    /** Submits to each store what is for it. Nearly always all is for one: then all of it is accepted or nothing. */
    private <T, R> List<R> split(
            List<T> all, ToIntFunction<T> shardOf, BiFunction<GroupMember, List<T>, List<R>> submit) {
        Map<Integer, List<Integer>> parts = new LinkedHashMap<>();
        for (int i = 0; i < all.size(); i++) {
            int store = group.of(shardOf.applyAsInt(all.get(i))).number();
            parts.computeIfAbsent(store, number -> new ArrayList<>()).add(i);
        }
        if (parts.isEmpty()) {
            return List.of();
        }
        if (parts.size() == 1) {
            return group.change(shardOf.applyAsInt(all.get(0)), member -> submit.apply(member, all), done -> false);
        }
        Map<Integer, R> results = new TreeMap<>();
        for (List<Integer> part : parts.values()) {
            List<T> own = part.stream().map(all::get).toList();
            List<R> done;
            try {
                done = group.change(
                        shardOf.applyAsInt(own.get(0)), member -> submit.apply(member, own), nothing -> false);
            } catch (RuntimeException failure) {
                if (results.isEmpty()) {
                    throw failure;
                }
                throw new StoreException(
                        Kind.OUTCOME_UNKNOWN,
                        results.size() + " of " + all.size() + " tasks were accepted, by other stores than this one: "
                                + failure.getMessage(),
                        failure);
            }
            for (int i = 0; i < part.size(); i++) {
                results.put(part.get(i), done.get(i));
            }
        }
        return List.copyOf(results.values());
    }

    /** Of one shard, like a task and its parents: shards move, and may be on different stores afterwards. */
    @Override
    public List<TaskId> submitGraph(TaskGraph graph) {
        List<TaskRequest> requests = graph.requests();
        int shard = requests.get(0).attribution().project().shard();
        for (int i = 0; i < requests.size(); i++) {
            if (requests.get(i).attribution().project().shard() != shard) {
                throw InvalidFieldException.value(
                        "project",
                        "project of task '" + graph.nodes().get(i).name() + "' is '"
                                + requests.get(i).attribution().project().name()
                                + "', expected one of the same shard as all of the graph, since the store is one of several");
            }
        }
        requests.forEach(ShardedTasks::requireSameShard);
        return group.change(shard, member -> member.store().tasks().submitGraph(graph), ids -> false);
    }

    private static void requireSameShard(TaskRequest request) {
        request.options().parents().stream()
                .map(ParentTask::id)
                .filter(parent ->
                        parent.shard() != request.attribution().project().shard())
                .findFirst()
                .ifPresent(parent -> {
                    throw new ParentRefusedException(parent, Reason.OTHER_SHARD);
                });
    }

    @Override
    public List<TaskLink> parents(TaskId id) {
        return first(id, member -> member.store().tasks().parents(id), links -> !links.isEmpty(), List.of());
    }

    @Override
    public List<TaskLink> children(TaskId id, Optional<TaskId> after, int limit) {
        return first(
                id, member -> member.store().tasks().children(id, after, limit), links -> !links.isEmpty(), List.of());
    }

    @Override
    public List<ParentOutcome> parentOutcomes(TaskId id) {
        return first(id, member -> member.store().tasks().parentOutcomes(id), parents -> !parents.isEmpty(), List.of());
    }

    @Override
    public List<TaskId> cancelledBy(Collection<TaskId> ended) {
        List<TaskId> cancelled = new ArrayList<>();
        byShard(ended)
                .forEach((shard, part) -> cancelled.addAll(first(
                        part.get(0),
                        member -> member.store().tasks().cancelledBy(part),
                        found -> !found.isEmpty(),
                        List.of())));
        return cancelled;
    }

    @Override
    public int promoteDue(int limit) {
        int promoted = 0;
        for (int each : group.askAny(
                        group.members(), member -> member.store().tasks().promoteDue(limit))
                .values()) {
            promoted += each;
        }
        return promoted;
    }

    @Override
    public Optional<Duration> untilNextDue() {
        return next(TaskStore::untilNextDue);
    }

    private Optional<Duration> next(Function<TaskStore, Optional<Duration>> read) {
        return group
                .askAny(nodes.answering(), member -> read.apply(member.store().tasks()))
                .values()
                .stream()
                .flatMap(Optional::stream)
                .min(Duration::compareTo);
    }

    @Override
    public boolean edit(TaskId id, TaskEdit edit) {
        return group.change(
                id.shard(),
                member -> member.store().tasks().edit(id, edit),
                isEdited -> !isEdited && isIn(id, WAITING));
    }

    @Override
    public boolean replaceParents(TaskId id, List<ParentTask> parents, Optional<Long> version) {
        return group.change(
                id.shard(),
                member -> member.store().tasks().replaceParents(id, parents, version),
                isReplaced -> !isReplaced
                        && isIn(id, TaskState.READY, TaskState.SCHEDULED, TaskState.LIMITED, TaskState.BLOCKED));
    }

    @Override
    public boolean runNow(TaskId id) {
        return group.change(
                id.shard(),
                member -> member.store().tasks().runNow(id),
                isNow -> !isNow && isIn(id, TaskState.READY, TaskState.SCHEDULED));
    }

    @Override
    public Map<TaskId, TaskState> change(Collection<TaskId> ids, TaskAction action) {
        Map<TaskId, TaskState> changed = new TreeMap<>();
        TaskState[] possible = action.states().toArray(TaskState[]::new);
        byShard(ids)
                .forEach((shard, part) -> group.change(
                        shard,
                        member -> {
                            Map<TaskId, TaskState> done = member.store().tasks().change(part, action);
                            // At once: when the shard moves, the rest is asked for again.
                            changed.putAll(done);
                            return done;
                        },
                        done -> done.size() < part.size()
                                && part.stream()
                                        .filter(id -> !done.containsKey(id))
                                        .anyMatch(id -> isIn(id, possible))));
        return changed;
    }

    private static Map<Integer, List<TaskId>> byShard(Collection<TaskId> ids) {
        Map<Integer, List<TaskId>> byShard = new TreeMap<>();
        ids.forEach(id ->
                byShard.computeIfAbsent(id.shard(), shard -> new ArrayList<>()).add(id));
        return byShard;
    }

    @Override
    public List<TaskId> expire(int limit) {
        List<TaskId> expired = new ArrayList<>();
        group.askAny(nodes.answering(), member -> member.store().tasks().expire(limit))
                .values()
                .forEach(expired::addAll);
        return expired;
    }

    @Override
    public Optional<Duration> untilNextExpiry() {
        return next(TaskStore::untilNextExpiry);
    }

    @Override
    public int promoteLimited(int limit) {
        return group.askAny(nodes.answering(), member -> member.store().tasks().promoteLimited(limit)).values().stream()
                .mapToInt(Integer::intValue)
                .sum();
    }

    /** On each store, so that it is there wherever the project moves. */
    @Override
    public void setLimit(KeyLimit limit) {
        group.askAll(member -> {
            member.store().tasks().setLimit(limit);
            return limit;
        });
    }

    @Override
    public boolean removeLimit(ProjectId project, String key) {
        return group.askAll(member -> member.store().tasks().removeLimit(project, key))
                .contains(true);
    }

    @Override
    public List<KeyLimit> limits(Optional<KeyLimit> after, int limit) {
        Map<List<String>, KeyLimit> all = new HashMap<>();
        group.askAll(member -> member.store().tasks().limits(after, limit))
                .forEach(part ->
                        part.forEach(each -> all.put(List.of(each.project().name(), each.key()), each)));
        return all.values().stream()
                .sorted(Comparator.<KeyLimit, String>comparing(
                                each -> each.project().name())
                        .thenComparing(KeyLimit::key))
                .limit(limit)
                .toList();
    }

    @Override
    public Optional<TaskId> holderOf(ProjectId project, String uniqueKey) {
        for (GroupMember member : group.readersOf(project.shard())) {
            Optional<TaskId> holder = member.store().tasks().holderOf(project, uniqueKey);
            if (holder.isPresent()) {
                return holder;
            }
        }
        return Optional.empty();
    }

    @Override
    public List<ClaimedTask> claim(ClaimRequest request) {
        return claims.claim(request);
    }

    @Override
    public Set<FencingToken> finish(List<AttemptEnd> ends) {
        return claims.finish(ends);
    }

    /** Calls the store that an attempt belongs to, with its token there. */
    <T> T held(FencingToken token, BiFunction<GroupMember, FencingToken, T> call) {
        return claims.held(token, call);
    }

    @Override
    public Optional<Task> cancel(TaskId id) {
        return group.change(
                id.shard(),
                member -> member.store().tasks().cancel(id),
                task -> task.isEmpty()
                        || !(task.get().state().isTerminal() || task.get().cancelRequested()));
    }

    @Override
    public Optional<FencingToken> forceCancel(TaskId id) {
        return group.change(
                id.shard(),
                member -> member.store()
                        .tasks()
                        .forceCancel(id)
                        .map(token -> new FencingToken(id, token.epoch(), nodes.globalOf(member, token.owner()))),
                ended -> false);
    }

    @Override
    public boolean hold(TaskId id) {
        return group.change(
                id.shard(),
                member -> member.store().tasks().hold(id),
                isHeld -> !isHeld
                        && isIn(id, TaskState.READY, TaskState.SCHEDULED, TaskState.BLOCKED, TaskState.LIMITED));
    }

    @Override
    public boolean resume(TaskId id, Optional<String> input) {
        return group.change(
                id.shard(),
                member -> member.store().tasks().resume(id, input),
                isResumed -> !isResumed && isIn(id, TaskState.HELD));
    }

    private boolean isIn(TaskId id, TaskState... states) {
        Optional<Task> task = find(id);
        return task.isEmpty() || List.of(states).contains(task.get().state());
    }

    @Override
    public Set<TaskId> redrive(Collection<TaskId> ids) {
        Set<TaskId> redriven = new HashSet<>();
        byShard(ids)
                .forEach((shard, part) -> redriven.addAll(group.change(
                        shard,
                        member -> member.store().tasks().redrive(part),
                        done -> done.size() < part.size()
                                && part.stream()
                                        .filter(id -> !done.contains(id))
                                        .anyMatch(id ->
                                                isIn(id, TaskState.DEAD, TaskState.CANCELLED, TaskState.EXPIRED)))));
        return redriven;
    }

    @Override
    public synchronized PurgedTasks purge(TaskRetention retention, Optional<PurgeCursor> after, int limit) {
        if (after.isEmpty()) {
            purged = 0;
        }
        PurgedTasks step = purgeOne(retention, after, limit);
        int tasks = step.tasks();
        while (step.next().isEmpty() && purged < group.members().size() - 1) {
            purged++;
            step = purgeOne(retention, Optional.empty(), limit);
            tasks += step.tasks();
        }
        return new PurgedTasks(tasks, step.next());
    }

    private PurgedTasks purgeOne(TaskRetention retention, Optional<PurgeCursor> after, int limit) {
        GroupMember member = group.member(purged);
        try {
            return member.store().tasks().purge(retention, after, limit);
        } catch (StoreException failure) {
            if (purged == group.members().size() - 1) {
                throw StoreGroup.named(member, failure);
            }
            // The others are not kept waiting by one that cannot be reached.
            return new PurgedTasks(0, Optional.empty());
        }
    }

    @Override
    public Set<FencingToken> cancelRequested(Collection<FencingToken> fencingTokens) {
        return claims.cancelRequested(fencingTokens);
    }

    @Override
    public int reap(long deadIncarnation) {
        return nodes.reap(deadIncarnation);
    }

    @Override
    public Set<FencingToken> runningOf(long incarnation) {
        return claims.runningOf(incarnation);
    }

    @Override
    public Optional<Task> find(TaskId id) {
        return first(id, member -> member.store().tasks().find(id), Optional::isPresent, Optional.empty());
    }

    @Override
    public Optional<TaskResult> result(TaskId id) {
        return first(id, member -> member.store().tasks().result(id), Optional::isPresent, Optional.empty());
    }

    @Override
    public Optional<FencingToken> runningAttempt(TaskId id) {
        return first(
                id,
                member -> member.store()
                        .tasks()
                        .runningAttempt(id)
                        .map(token -> new FencingToken(id, token.epoch(), nodes.globalOf(member, token.owner()))),
                Optional::isPresent,
                Optional.empty());
    }

    @Override
    public List<Attempt> attempts(TaskId id) {
        return first(
                id,
                member -> member.store().tasks().attempts(id).stream()
                        .map(attempt -> attempt.incarnation() == 0
                                ? attempt
                                : attempt.withIncarnation(nodes.globalOf(member, attempt.incarnation())))
                        .toList(),
                attempts -> !attempts.isEmpty(),
                List.of());
    }

    /** Reads a task where it is; when it is not there, the map is read again, since it may have moved. */
    <T> T first(TaskId id, Function<GroupMember, T> read, Predicate<T> isFound, T absent) {
        List<GroupMember> asked = group.readersOf(id.shard());
        @Nullable T found = firstOf(asked, read, isFound);
        if (found != null) {
            return found;
        }
        group.maps().refresh();
        List<GroupMember> others = group.readersOf(id.shard());
        T again = others.equals(asked) ? null : firstOf(others, read, isFound);
        return again == null ? absent : again;
    }

    private static <T> @Nullable T firstOf(
            List<GroupMember> asked, Function<GroupMember, T> read, Predicate<T> isFound) {
        for (GroupMember member : asked) {
            T found = StoreGroup.named(member, Answer.of(read, member));
            if (isFound.test(found)) {
                return found;
            }
        }
        return null;
    }

    @Override
    public Set<TaskId> ended(Collection<TaskId> ids) {
        // A caller that only waits for ends would never see otherwise that their shard has moved.
        group.maps().refreshOld();
        Map<GroupMember, List<TaskId>> asked = new LinkedHashMap<>();
        ids.forEach(id -> group.readersOf(id.shard())
                .forEach(member ->
                        asked.computeIfAbsent(member, each -> new ArrayList<>()).add(id)));
        Set<TaskId> ended = new HashSet<>();
        // A caller that waits for an end reads again.
        group.askAny(
                        List.copyOf(asked.keySet()),
                        member -> member.store().tasks().ended(asked.getOrDefault(member, List.of())))
                .values()
                .forEach(ended::addAll);
        return ended;
    }

    @Override
    public List<Task> list(TaskQuery query) {
        return pages.list(query, this::find);
    }

    @Override
    public TaskPage browse(TaskQuery query) {
        return pages.browse(query).orElseGet(() -> TaskStore.super.browse(query));
    }

    @Override
    public List<TaskId> ids(TaskFilter filter, Optional<TaskId> after, int limit) {
        return pages.ids(filter, after, limit);
    }

    @Override
    public Map<TaskState, Long> counts() {
        Map<TaskState, Long> counts = new EnumMap<>(TaskState.class);
        group.askAll(member -> member.store().tasks().counts())
                .forEach(each -> each.forEach((state, count) -> counts.merge(state, count, Long::sum)));
        return counts;
    }
}

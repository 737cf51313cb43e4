package dev.architect.testkit.simulation;

import dev.architect.attempt.Attempt;
import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.event.Event;
import dev.architect.lane.Lane;
import dev.architect.lane.LaneShare;
import dev.architect.node.NodeOrder;
import dev.architect.spi.NodeStore;
import dev.architect.spi.TaskContext;
import dev.architect.spi.TaskStore;
import dev.architect.task.ParentTask;
import dev.architect.task.ParentTask.OnFailure;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskResult;
import dev.architect.task.TaskState;
import dev.architect.testkit.simulation.TaskHistory.Performance;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Checks every call of the store, every run of a worker and every event against what they have to be, by a model of its own.
 *
 * <p>Checked are: no acknowledged task is lost; epochs rise, and each has one holder, which performs it once; no write of another
 * one is accepted; claims keep to types, quotas, order and living nodes; one result and one final state are recorded; tries are
 * used up by failures of the task alone; no task is dead but for a reason of its own; what two nodes run at once was stopped on one
 * of them; no task begins before its parents have ended, and none is forgotten when they have; the {@linkplain LimitChecker limits} of queues
 * and keys hold; the counts of the store are those of its rows.
 */
final class HistoryChecker {

    /** So long a node that goes on after a freeze may take to stop what it runs, and so long a lease's end takes to be seen. */
    private static final Duration STOP_TIME = Duration.ofMillis(1_500);

    /** So long a task may take whose last parent has ended. */
    private static final Duration RELEASED_TIME = Duration.ofSeconds(60);

    private final ThreadSchedule schedule;
    private final Map<Integer, TaskScript> scripts;
    private final Map<TaskId, TaskHistory> tasks = new TreeMap<>();
    private final Map<Long, String> deathReasons = new HashMap<>();
    private final Map<Long, SimulatedNode> owners = new HashMap<>();
    private final Set<Long> endedEarly = new HashSet<>();
    private final Set<Long> cordoned = new HashSet<>();
    private final LimitChecker limits;
    private TaskStore store;
    private Supplier<Instant> now;
    private boolean isLate;

    HistoryChecker(
            ThreadSchedule schedule, Map<Integer, TaskScript> scripts, LanePlan lanes, Consumer<String> reached) {
        this.schedule = schedule;
        this.scripts = scripts;
        this.limits = new LimitChecker(schedule, lanes, reached);
    }

    LimitChecker limits() {
        return limits;
    }

    void watch(TaskStore rows, Supplier<Instant> clock) {
        store = rows;
        now = clock;
        limits.watch(rows, clock);
    }

    Collection<TaskHistory> tasks() {
        return tasks.values();
    }

    private void check(boolean holds, String message, Object... details) {
        if (!holds) {
            AssertionError broken = new AssertionError(message + Arrays.asList(details));
            // The engine survives whatever a call throws; the simulation must not.
            schedule.fail(broken);
            throw broken;
        }
    }

    private TaskHistory history(TaskId id) {
        return Objects.requireNonNull(tasks.get(id), "a task that was never submitted");
    }

    // Calls of the store.

    void submitted(List<TaskId> ids, List<TaskRequest> requests) {
        check(ids.size() == requests.size(), "ids and tasks differ in number: ", ids, requests);
        for (int i = 0; i < ids.size(); i++) {
            Task task = store.find(ids.get(i)).orElseThrow();
            TaskHistory before = tasks.put(
                    task.id(),
                    new TaskHistory(
                            task.id(),
                            scripts.get(TaskScript.numberOf(requests.get(i))),
                            requests.get(i).options().parents(),
                            task.state(),
                            task.createdAt(),
                            task.dueAt().orElse(null)));
            check(before == null, "an id was given twice: ", ids);
            checkNew(history(task.id()));
            limits.add(history(task.id()));
        }
        limits.settle();
    }

    /** A sweep has looked for permits that are free. */
    void permitsGivenOut() {
        limits.settle();
    }

    private void checkNew(TaskHistory task) {
        boolean isDoomed = false;
        for (ParentTask parent : task.parents) {
            TaskState state = history(parent.id()).state;
            if (releases(state, parent)) {
                task.released.add(parent.id());
            } else {
                isDoomed |= state.isTerminal() && parent.onFailure() == OnFailure.CANCEL;
            }
        }
        boolean isOpen = task.released.size() < task.parents.size();
        check(
                (task.state == TaskState.CANCELLED) == isDoomed
                        && (isDoomed || (task.state == TaskState.BLOCKED) == isOpen),
                "its state is not that of its parents: ",
                task);
    }

    private static boolean releases(TaskState state, ParentTask parent) {
        return state == TaskState.DONE || (state.isTerminal() && parent.onFailure() == OnFailure.PROCEED);
    }

    /** What has to become of those that wait for a task that has ended. */
    private void ended(TaskHistory parent) {
        for (TaskHistory child : tasks.values()) {
            for (ParentTask edge : child.parents) {
                if (edge.id().equals(parent.id) && !child.released.contains(parent.id)) {
                    ended(parent, child, edge);
                }
            }
        }
    }

    private void ended(TaskHistory parent, TaskHistory child, ParentTask edge) {
        if (releases(parent.state, edge)) {
            child.released.add(parent.id);
            if (child.state == TaskState.BLOCKED && child.released.size() == child.parents.size()) {
                goOn(child);
            }
        } else if (edge.onFailure() == OnFailure.CANCEL && !child.state.isTerminal()) {
            child.state = TaskState.CANCELLED;
            child.dueAt = null;
            ended(child);
        }
    }

    private void goOn(TaskHistory child) {
        child.releasedAt = schedule.nanos();
        if (child.dueAt != null && child.dueAt.isAfter(now.get())) {
            child.state = TaskState.SCHEDULED;
            return;
        }
        child.state = child.mayGoOn();
        child.sortKey = child.sortKey(now.get());
        child.dueAt = null;
    }

    /** Whether a task waits for a parent that has not ended, or has failed and may be made ready again. */
    private boolean isBlocked(TaskHistory task) {
        return task.state == TaskState.BLOCKED
                && task.parents.stream()
                        .filter(parent -> !task.released.contains(parent.id()))
                        .anyMatch(parent ->
                                !history(parent.id()).state.isTerminal() || parent.onFailure() == OnFailure.BLOCK);
    }

    /** Whether the calls that follow have their effect after their sender was told that they failed. */
    void setLate(boolean late) {
        isLate = late;
    }

    void acknowledged(List<TaskId> ids) {
        ids.forEach(id -> history(id).isAcknowledged = true);
    }

    void claimed(ClaimRequest request, List<ClaimedTask> claimed, boolean isAlive) {
        check(isAlive || claimed.isEmpty(), "a dead node claimed: ", request, claimed);
        check(
                claimed.isEmpty() || !cordoned.contains(request.incarnation()),
                "a node claimed that is to claim nothing: ",
                request,
                claimed);
        check(claimed.size() <= request.limit(), "more was claimed than asked for: ", request, claimed);
        Map<String, Integer> left = new HashMap<>(request.quotas());
        Set<Lane> lanes = request.shares().stream().map(LaneShare::lane).collect(Collectors.toSet());
        Map<Lane, Instant> latest = new HashMap<>();
        Set<TaskId> ids = new HashSet<>();
        for (ClaimedTask each : claimed) {
            FencingToken token = each.fencingToken();
            TaskHistory task = history(token.id());
            check(left.merge(task.script.request().type(), -1, Integer::sum) >= 0, "type or quota: ", request, task);
            check(task.state == TaskState.READY && ids.add(token.id()), "it was not ready: ", each, task);
            check(token.epoch() > task.epoch, "its epoch does not rise: ", each, task);
            check(token.owner() == request.incarnation(), "its owner is another: ", each, request);
            check(each.attempt() == task.tries + 1, "a try was lost or not given back: ", each, task);
            check(each.history().crashes() == task.crashes(), "its crashes are others: ", each, task);
            check(each.cancelRequested() == task.cancelRequested, "its cancellation is lost: ", each, task);
            Lane lane = Lane.of(task.script.request());
            check(lanes.contains(lane), "it was claimed from a lane that nobody asked for: ", request, task);
            check(!task.sortKey.isBefore(latest.getOrDefault(lane, Instant.MIN)), "the order: ", each, task);
            latest.put(lane, task.sortKey);
        }
        checkNobodyWasPassedOver(request, claimed, left, ids, latest);
        List<TaskHistory> started = new ArrayList<>();
        for (ClaimedTask each : claimed) {
            TaskHistory task = history(each.fencingToken().id());
            task.state = TaskState.RUNNING;
            task.epoch = each.fencingToken().epoch();
            task.owner = request.incarnation();
            task.claimedAt = schedule.turns();
            task.wasClaimedLate = isLate;
            started.add(task);
        }
        limits.claimed(started);
    }

    private void checkNobodyWasPassedOver(
            ClaimRequest request,
            List<ClaimedTask> claimed,
            Map<String, Integer> left,
            Set<TaskId> ids,
            Map<Lane, Instant> latest) {
        if (claimed.isEmpty() && request.isEmpty()) {
            return;
        }
        for (TaskHistory task : tasks.values()) {
            if (!claimed.isEmpty()
                    && task.state == TaskState.READY
                    && !ids.contains(task.id)
                    // Those that one more death would make dead are claimed one at a time, and so out of turn.
                    && task.crashes() < TaskStore.MAX_CRASHES - 1
                    && left.getOrDefault(task.script.request().type(), 0) > 0) {
                Instant last = latest.getOrDefault(Lane.of(task.script.request()), Instant.MIN);
                check(!task.sortKey.isBefore(last), "a task was passed over: ", task, claimed);
            }
        }
    }

    void finished(List<AttemptEnd> ends, Set<FencingToken> matched) {
        for (AttemptEnd end : ends) {
            FencingToken token = end.fencingToken();
            TaskHistory task = history(token.id());
            boolean isHolder = task.isHeldBy(token);
            check(isHolder || !matched.contains(token), "a write of another holder was accepted: ", end, task);
            check(!isHolder || matched.contains(token), "a write of the holder was not accepted: ", end, task);
            if (isHolder) {
                record(task, end);
            }
        }
        limits.settle();
    }

    private void record(TaskHistory task, AttemptEnd end) {
        check(!task.state.isTerminal(), "a second final state: ", task, end);
        end.result()
                .output()
                .ifPresent(output -> check(
                        output.startsWith(output(end.fencingToken())), "the output of another attempt: ", end, task));
        task.state = end.next();
        task.owner = 0;
        task.endedBy = task.state.isTerminal() ? owners.get(end.fencingToken().owner()) : null;
        switch (end.outcome()) {
            case SNOOZED, HANDED_BACK -> task.snoozes++;
            default -> task.tries++;
        }
        task.dueAt = store.find(task.id).orElseThrow().dueAt().orElse(null);
        check(task.state != TaskState.DEAD || mayBeDead(task, end), "an innocent task is dead: ", task, end);
        if (task.state.isTerminal()) {
            ended(task);
        }
    }

    private static boolean mayBeDead(TaskHistory task, AttemptEnd end) {
        TaskScript script = task.script;
        return switch (script.kind()) {
            case FAILS_FOR_GOOD -> end.outcome() == AttemptOutcome.FAILED;
            case CANNOT_BE_STORED -> task.wasRefused;
            case FAILS, THROWS_AN_ERROR, TIMES_OUT ->
                script.mayDie() && task.tries == script.request().maxAttempts();
            default -> false;
        };
    }

    void refused(List<AttemptEnd> ends) {
        ends.stream()
                .filter(SimulatedStore::cannotBeStored)
                .forEach(end -> history(end.fencingToken().id()).wasRefused = true);
    }

    void cancelled(TaskId id, Optional<Task> reply) {
        TaskHistory task = history(id);
        if (task.state == TaskState.RUNNING) {
            task.cancelRequested = true;
        } else if (!task.state.isTerminal()) {
            task.state = TaskState.CANCELLED;
            task.dueAt = null;
            ended(task);
        }
        limits.settle();
        check(reply.orElseThrow().state() == task.state, "the state after a cancellation: ", reply, task);
    }

    /** A node was ended because another one took it for dead. */
    void endedEarly(long incarnation, Duration silence) {
        check(
                silence.compareTo(NodeStore.SHORTEST_SILENCE) >= 0,
                "a node was ended that had just beaten: ",
                incarnation,
                silence);
        endedEarly.add(incarnation);
        dies(incarnation, "ended early");
    }

    void ordered(long incarnation, NodeOrder order) {
        if (order == NodeOrder.WORK) {
            cordoned.remove(incarnation);
        } else {
            cordoned.add(incarnation);
        }
    }

    /** Notes why an incarnation is about to die; the first reason counts. */
    void dies(long incarnation, String reason) {
        deathReasons.putIfAbsent(incarnation, reason);
    }

    void reaped(long incarnation, int count, boolean isDead) {
        int expected = 0;
        for (TaskHistory task : tasks.values()) {
            if (isDead && task.state == TaskState.RUNNING && task.owner == incarnation) {
                expected++;
                String reason = deathReasons.getOrDefault(incarnation, "lease");
                // An end that cannot be stored is offered for longer than a stop may take.
                check(
                        !reason.equals("stopped in order") || task.script.kind() == TaskScript.Kind.CANNOT_BE_STORED,
                        "an orderly stop counts as a crash: ",
                        task);
                task.deaths.add(reason);
                task.owner = 0;
                boolean isLast = task.crashes() == TaskStore.MAX_CRASHES;
                task.state = isLast ? TaskState.DEAD : TaskState.READY;
                check(!isLast || mayBeDeadByCrashes(task), "an innocent task is dead: ", task);
                if (isLast) {
                    ended(task);
                }
            }
        }
        check(count == expected, "recovered another number of tasks: ", incarnation, count, expected);
        limits.settle();
    }

    /** Three nodes died by chance, or the culprit did it before it was known for one. */
    private boolean mayBeDeadByCrashes(TaskHistory task) {
        if (task.script.kind() == TaskScript.Kind.CRASHES_ITS_NODE) {
            return true;
        }
        long byOthers = task.deaths.stream()
                .filter(reason -> !reason.equals(SimWorld.CULPRIT))
                .count();
        List<TaskHistory> culprits = tasks.values().stream()
                .filter(each -> each.script.kind() == TaskScript.Kind.CRASHES_ITS_NODE)
                .toList();
        return byOthers == TaskStore.MAX_CRASHES
                || (byOthers > 0 && !culprits.isEmpty())
                || culprits.stream().anyMatch(culprit -> ranBefore(culprit, task));
    }

    /**
     * Whether a task was claimed on its node before the other one was, which was to be handed back and never began: between a claim
     * and its hand-back is a moment in which the node may end. What was claimed late is such a claim, too.
     */
    private static boolean ranBefore(TaskHistory culprit, TaskHistory task) {
        return task.wasClaimedLate
                || (culprit.claimedAt < task.claimedAt && !task.performedEpochs.contains(task.epoch));
    }

    void promoted(int count) {
        int expected = 0;
        for (TaskHistory task : tasks.values()) {
            if (task.state == TaskState.SCHEDULED && isDue(task)) {
                expected++;
                task.state = task.mayGoOn();
                task.sortKey = task.sortKey(Objects.requireNonNull(task.dueAt));
                task.dueAt = null;
            }
        }
        check(count == expected, "made ready another number of tasks: ", count, expected);
        limits.settle();
    }

    private boolean isDue(TaskHistory task) {
        TaskState row = store.find(task.id).orElseThrow().state();
        return row == TaskState.READY || row == TaskState.LIMITED;
    }

    // Nodes and their workers.

    void joined(long incarnation, SimulatedNode node) {
        owners.put(incarnation, node);
    }

    /** The output of an attempt begins with this. */
    static String output(FencingToken token) {
        return "output of " + token.id() + " epoch " + token.epoch() + ".";
    }

    Performance begins(SimulatedNode node, TaskContext context) {
        FencingToken token = context.fencingToken();
        TaskHistory task = history(token.id());
        Performance performance = new Performance(node, SimulatedThread.current(), token);
        check(node.types().contains(context.request().type()), "a node without the worker runs it: ", node, task);
        check(owners.get(token.owner()) == node, "it was claimed by another node: ", node, task, token);
        check(token.epoch() <= task.epoch, "it was never claimed: ", token, task);
        check(task.performedEpochs.add(token.epoch()), "one claim is performed twice: ", token, task);
        // The older one had to be stopped, which may be the one that begins: its node may have stood still.
        boolean isOlder = token.epoch() < task.epoch;
        for (Performance other : task.performances) {
            check(
                    hasToBeOver(isOlder ? performance : other) || !isRunning(other),
                    "two nodes run it, and neither was stopped: ",
                    other.node,
                    node,
                    task);
        }
        if (isSuspect(task)) {
            for (TaskHistory each : tasks.values()) {
                each.performances.stream()
                        .filter(other -> each != task
                                && isSuspect(each)
                                && other.token.epoch() == each.epoch
                                && other.node == node
                                && isRunning(other))
                        .forEach(other -> check(false, "two suspects run on one node: ", task, each));
            }
        }
        task.performances.add(performance);
        return performance;
    }

    private static boolean isRunning(Performance performance) {
        return !performance.hasReturned && !performance.thread.hasEnded && !performance.thread.wasInterrupted;
    }

    private static boolean isSuspect(TaskHistory task) {
        return task.state == TaskState.RUNNING && task.crashes() == TaskStore.MAX_CRASHES - 1;
    }

    /** Whether a run has ended, was told to end, or belongs to a node that could not know. */
    private boolean hasToBeOver(Performance other) {
        SimulatedProcess process = other.node.process();
        return !isRunning(other)
                || process.isCrashed()
                || process.isFrozen()
                // Its own lease goes on until it learns of the end: rows are fenced by that, and not what runs.
                || endedEarly.contains(other.token.owner())
                || schedule.nanos() - process.thawedAt() < STOP_TIME.toNanos();
    }

    void event(Event event) {
        if (event instanceof Event.TaskEnded ended) {
            TaskHistory task = history(ended.task());
            check(task.state == ended.state(), "an end was announced that is not recorded: ", ended, task);
            task.announced = ended.state();
        }
    }

    void awaited(TaskResult result) {
        TaskHistory task = history(result.id());
        check(task.state == result.state(), "a result that is not recorded: ", result, task);
    }

    // The end.

    /** Those that wait for a parent that has failed. */
    List<TaskId> blocked() {
        return tasks.values().stream()
                .filter(this::isBlocked)
                .map(task -> task.id)
                .toList();
    }

    /** Whether all have ended, but for those that wait for a parent that has failed. */
    boolean haveAllEnded() {
        return tasks.values().stream().allMatch(task -> task.state.isTerminal() || isBlocked(task));
    }

    /** Fails when a node claimed a task of a type that none performs. */
    void checkUntouched(String type) {
        for (TaskHistory task : tasks.values()) {
            check(!task.script.request().type().equals(type) || task.epoch == 0, "nobody performs its type: ", task);
        }
    }

    void check(boolean holds, String message) {
        check(holds, message, schedule.alive());
    }

    /** Fails when a task has not ended that has been able to for long enough. */
    void checkAllEnded(Instant dueBefore, boolean withSuspects) {
        for (TaskHistory task : tasks.values()) {
            boolean isWaiting =
                    task.state == TaskState.SCHEDULED && task.dueAt != null && task.dueAt.isAfter(dueBefore);
            // Its parents may have ended just now; those that have not are checked themselves.
            boolean isFresh = isBlocked(task)
                    || (task.releasedAt > 0 && schedule.nanos() - task.releasedAt < RELEASED_TIME.toNanos());
            boolean isExempt = !withSuspects
                    && (task.crashes() == TaskStore.MAX_CRASHES - 1
                            || limits.waitsFor(task, other -> other.crashes() == TaskStore.MAX_CRASHES - 1));
            check(
                    task.state.isTerminal() || isWaiting || isExempt || isFresh,
                    "it has not ended although no fault is left: ",
                    task);
        }
    }

    /** Fails when a node still holds something of a task, or has not announced an end that it recorded. */
    void checkIdle(SimulatedNode node) {
        check(node.isIdle(), "a node still runs something, or one of its loops is silent: ", node.describe());
        for (TaskHistory task : tasks.values()) {
            check(task.endedBy != node || task.announced == task.state, "its end was not announced: ", node, task);
        }
    }

    void checkRows(Set<Integer> acknowledged) {
        Map<TaskState, Long> rows = new EnumMap<>(TaskState.class);
        Set<Integer> stored = new HashSet<>();
        for (Task row : store.list(TaskQuery.newest(500))) {
            TaskHistory task = history(row.id());
            rows.merge(row.state(), 1L, Long::sum);
            stored.add(TaskScript.numberOf(row.request()));
            check(row.state() == task.state, "its state: ", row, task);
            int running = task.state == TaskState.RUNNING ? 1 : 0;
            check(row.attempt() == task.tries + running, "its tries: ", row.attempt(), task);
            checkAttempts(task);
        }
        check(store.counts().equals(rows), "counts and rows differ: ", store.counts(), rows);
        check(stored.containsAll(acknowledged), "an acknowledged task is lost: ", acknowledged, stored);
    }

    private void checkAttempts(TaskHistory task) {
        List<Attempt> attempts = store.attempts(task.id);
        Set<Long> epochs = attempts.stream().map(Attempt::epoch).collect(Collectors.toSet());
        check(epochs.size() == attempts.size(), "two records of one attempt: ", attempts, task);
        long succeeded = attempts.stream()
                .filter(attempt -> attempt.outcome() == AttemptOutcome.SUCCEEDED)
                .count();
        check(succeeded == (task.state == TaskState.DONE ? 1 : 0), "its results: ", attempts, task);
        long lost = attempts.stream()
                .filter(attempt -> attempt.outcome() == AttemptOutcome.LOST)
                .count();
        check(lost == task.crashes(), "its crashes: ", attempts, task);
        check(attempts.size() == task.tries + task.snoozes + task.crashes(), "its attempts: ", attempts, task);
        check(task.tries <= task.script.request().maxAttempts(), "more tries than it may have: ", attempts, task);
    }
}

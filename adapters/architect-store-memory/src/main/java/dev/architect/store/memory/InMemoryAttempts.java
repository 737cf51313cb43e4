package dev.architect.store.memory;

import dev.architect.attempt.Attempt;
import dev.architect.attempt.AttemptBasis;
import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.ClaimHistory;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.change.ChangeTopic;
import dev.architect.lane.Lane;
import dev.architect.spi.TaskStore;
import dev.architect.store.memory.lock.StoredTime;
import dev.architect.task.AffinityBucket;
import dev.architect.task.TaskId;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The attempts that run, by their tasks: how they begin and end. Guarded by the store's lock. */
final class InMemoryAttempts {

    private final InMemoryStore store;
    private final InMemoryWaiting waiting;
    private final InMemoryDeadlines deadlines;
    private final BiConsumer<InMemoryTask, TaskState> endTask;
    private final Map<TaskId, InMemoryTask> running = new TreeMap<>();
    // Of tasks that are here no more, which the ledger has calls of.
    private final Set<Claim> succeededBefore = new HashSet<>();

    private record Claim(TaskId id, long epoch) {}

    /** Creates the table; {@code endTask} ends a task that runs no more. */
    InMemoryAttempts(
            InMemoryStore store,
            InMemoryWaiting waiting,
            InMemoryDeadlines deadlines,
            BiConsumer<InMemoryTask, TaskState> endTask) {
        this.store = store;
        this.waiting = waiting;
        this.deadlines = deadlines;
        this.endTask = endTask;
    }

    List<ClaimedTask> claim(ClaimRequest request) {
        // Checked under the same lock as the claim: a node that was declared dead must not get new tasks.
        if (!store.nodeTable().isLive(request.incarnation())) {
            return List.of();
        }
        Map<Lane, Integer> lanes = store.laneTable().admit(request.shares());
        Map<String, Integer> left = new HashMap<>(request.quotas());
        List<ClaimedTask> claimed = new ArrayList<>();
        boolean[] takesSuspect = {request.takesSuspect()};
        waiting.ready().take(List.copyOf(lanes.keySet()), request.limit(), task -> {
            boolean isSuspect = task.crashes >= TaskStore.MAX_CRASHES - 1;
            Lane lane = Lane.of(task.request);
            if (lanes.getOrDefault(lane, 0) < 1
                    || left.getOrDefault(task.request.type(), 0) < 1
                    || (isSuspect && !takesSuspect[0])
                    || !request.mayTake(lane, task.request.type())
                    || isWithheld(task, request)
                    || InMemoryDeadlines.isOver(task, store.now())
                    || !store.shardTable().isServed(task.id.shard())) {
                return false;
            }
            takesSuspect[0] &= !isSuspect;
            left.merge(task.request.type(), -1, Integer::sum);
            lanes.merge(lane, -1, Integer::sum);
            store.laneTable().started(lane);
            claimed.add(claim(task, request.incarnation()));
            return true;
        });
        return claimed;
    }

    /** Whether it is left to another node, which its affinity key prefers. */
    private boolean isWithheld(InMemoryTask task, ClaimRequest request) {
        long buckets = request.withheld().getOrDefault(task.request.type(), 0L);
        return buckets != 0
                && !task.request.options().isPinned()
                && task.request
                        .options()
                        .affinity()
                        .filter(key -> (buckets >>> AffinityBucket.of(key) & 1) != 0)
                        .isPresent()
                && store.now().isBefore(task.readyAt().plus(AffinityBucket.LEAD));
    }

    private ClaimedTask claim(InMemoryTask task, long incarnation) {
        Instant now = store.now();
        changed(task);
        task.state = TaskState.RUNNING;
        task.epoch++;
        task.attempt++;
        task.owner = incarnation;
        task.claimedAt = now;
        running.put(task.id, task);
        // Of one that was put before all others it is not known.
        Duration waited = task.readyAt().equals(Instant.EPOCH) ? Duration.ZERO : Duration.between(task.readyAt(), now);
        return new ClaimedTask(
                task.fencingToken(),
                task.request,
                task.attempt,
                task.cancelRequested,
                Optional.ofNullable(task.input),
                // Negative when the wall clock was set back since the task became ready.
                waited.isNegative() ? Duration.ZERO : waited,
                new ClaimHistory(
                        task.crashes,
                        task.snoozes,
                        Optional.ofNullable(task.snoozedSince).map(since -> StoredTime.between(since, now)),
                        task.deadlines.endsBy().map(end -> StoredTime.between(now, end))));
    }

    /** Records these ends, and returns which of the tokens matched. */
    Set<FencingToken> finish(List<AttemptEnd> ends) {
        Set<FencingToken> matched = new LinkedHashSet<>();
        for (AttemptEnd end : ends) {
            InMemoryTask task = running.get(end.fencingToken().id());
            // A token that no longer matches is ignored: the attempt was
            // recorded as lost when the task was taken back.
            if (task != null && task.matches(end.fencingToken())) {
                finish(task, end);
                matched.add(end.fencingToken());
            }
        }
        return matched;
    }

    private void finish(InMemoryTask task, AttemptEnd end) {
        release(
                task,
                end.session(),
                end.startedAt(),
                end.endedAt(),
                end.outcome(),
                end.result().error().orElse(null),
                end.basis());
        // A task that was handed back or snoozed was not at fault, so the attempt is not counted.
        if (end.outcome() == AttemptOutcome.HANDED_BACK) {
            task.attempt--;
            task.snoozes++;
        } else if (end.outcome() == AttemptOutcome.SNOOZED) {
            task.attempt--;
            task.snoozes++;
            task.snoozedSince = task.snoozedSince == null ? store.now() : task.snoozedSince;
        } else {
            task.attempt -= end.outcome() == AttemptOutcome.NEEDS_INPUT ? 1 : 0;
            task.snoozedSince = null;
            deadlines.set(task, task.deadlines.begun());
        }
        switch (end.next()) {
            case READY -> {
                task.state = TaskState.READY;
                // Its sort key is unchanged, so the task keeps its turn.
                waiting.ready().add(task);
            }
            case SCHEDULED -> waiting.schedule(task, end.retryAfter());
            case HELD -> {
                // Ready instead of held, so that its next claim cancels it: a held one waits for a resume.
                task.state = task.cancelRequested ? TaskState.READY : TaskState.HELD;
                if (task.cancelRequested) {
                    waiting.ready().add(task);
                }
            }
            case DONE, DEAD, CANCELLED, EXPIRED -> {
                task.output = end.result().output().orElse(null);
                task.error = end.result().error().orElse(null);
                // A cancelled task has no result, and so no reason of its own.
                task.stopReason = end.next() == TaskState.CANCELLED
                        ? null
                        : end.result().stopReason().orElse(null);
                endTask.accept(task, end.next());
            }
            case RUNNING, BLOCKED, LIMITED ->
                throw new IllegalStateException("next is " + end.next() + ", expected a state that ends the attempt");
        }
    }

    private void release(
            InMemoryTask task,
            String session,
            Instant startedAt,
            Instant endedAt,
            AttemptOutcome outcome,
            @Nullable String error,
            Optional<AttemptBasis> basis) {
        running.remove(task.id);
        changed(task);
        waiting.limits().touch(task);
        long incarnation = task.owner;
        // Zero is the owner of nothing: incarnations begin with one.
        task.owner = 0;
        task.attempts.add(new Attempt(
                task.id,
                task.epoch,
                session,
                StoredTime.micros(startedAt),
                StoredTime.micros(endedAt),
                outcome,
                Optional.ofNullable(error),
                incarnation,
                basis));
    }

    Optional<FencingToken> forceCancel(TaskId id) {
        InMemoryTask task = running.get(id);
        if (task == null) {
            return Optional.empty();
        }
        FencingToken ended = task.fencingToken();
        release(
                task,
                "",
                Objects.requireNonNull(task.claimedAt),
                store.now(),
                AttemptOutcome.CANCELLED,
                TaskStore.FORCED,
                Optional.empty());
        task.snoozedSince = null;
        endTask.accept(task, TaskState.CANCELLED);
        return Optional.of(ended);
    }

    /** Makes a task ready that runs; its attempt does not count. */
    void handBack(InMemoryTask task, String reason) {
        release(
                task,
                "",
                Objects.requireNonNull(task.claimedAt),
                store.now(),
                AttemptOutcome.HANDED_BACK,
                reason,
                Optional.empty());
        task.attempt--;
        task.state = TaskState.READY;
    }

    int reap(long deadIncarnation) {
        if (store.nodeTable().isAlive(deadIncarnation)) {
            return 0;
        }
        List<InMemoryTask> lost = running.values().stream()
                .filter(task -> task.owner == deadIncarnation)
                .toList();
        lost.forEach(this::recover);
        return lost.size();
    }

    private void recover(InMemoryTask task) {
        Instant now = store.now();
        release(
                task,
                "",
                Objects.requireNonNull(task.claimedAt),
                now,
                AttemptOutcome.LOST,
                "the node died",
                Optional.empty());
        // Crashes have a count of their own, so the attempt is given back.
        task.attempt--;
        task.crashes++;
        deadlines.set(task, task.deadlines.begun());
        if (task.crashes >= TaskStore.MAX_CRASHES) {
            task.error = "its node died " + task.crashes + " times, expected fewer than " + TaskStore.MAX_CRASHES;
            endTask.accept(task, TaskState.DEAD);
        } else {
            task.state = TaskState.READY;
            waiting.ready().add(task);
        }
    }

    Set<FencingToken> cancelRequested(List<FencingToken> fencingTokens) {
        return fencingTokens.stream()
                .filter(fencingToken ->
                        held(fencingToken).filter(task -> task.cancelRequested).isPresent())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The attempts of a node. */
    Set<FencingToken> of(long incarnation) {
        return running.values().stream()
                .filter(task -> task.owner == incarnation)
                .map(InMemoryTask::fencingToken)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The attempt of a task. */
    Optional<FencingToken> of(TaskId id) {
        return Optional.ofNullable(running.get(id)).map(InMemoryTask::fencingToken);
    }

    /** The task of a token that matches. */
    Optional<InMemoryTask> held(FencingToken fencingToken) {
        return Optional.ofNullable(running.get(fencingToken.id())).filter(task -> task.matches(fencingToken));
    }

    /** The owners of all running tasks, each once. */
    Set<Long> owners() {
        return running.values().stream().map(task -> task.owner).collect(Collectors.toCollection(TreeSet::new));
    }

    /** A task is here no more, since it has moved to another store or was deleted; its entries in the ledger stay, and need to know which attempts succeeded. */
    void keepSuccesses(InMemoryTask task) {
        task.attempts.stream()
                .filter(attempt -> attempt.outcome() == AttemptOutcome.SUCCEEDED)
                .forEach(attempt -> succeededBefore.add(new Claim(task.id, attempt.epoch())));
    }

    /** Whether that attempt of a task succeeded that is here no more. */
    boolean succeededBefore(TaskId id, long epoch) {
        return succeededBefore.contains(new Claim(id, epoch));
    }

    private void changed(InMemoryTask task) {
        store.changed(ChangeTopic.TASK, task.id.value());
    }
}

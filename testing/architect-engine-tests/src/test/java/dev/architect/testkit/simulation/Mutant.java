package dev.architect.testkit.simulation;

import dev.architect.attempt.Attempt;
import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.error.StoreException;
import dev.architect.lane.Lane;
import dev.architect.lane.LaneCount;
import dev.architect.lane.LaneScope;
import dev.architect.lane.LaneSettings;
import dev.architect.node.ClusterStore;
import dev.architect.node.NodeRole;
import dev.architect.node.SharedDocument;
import dev.architect.project.ProjectId;
import dev.architect.spi.Store;
import dev.architect.spi.TaskStore;
import dev.architect.task.KeyLimit;
import dev.architect.task.ParentTask;
import dev.architect.task.ParentTask.OnFailure;
import dev.architect.task.Priority;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** A defect that the simulation has to find: what engine and store would do without one of their safeguards. */
enum Mutant {

    /** An end is recorded whichever claim it belongs to, as long as the task runs. */
    FINISH_WITHOUT_FENCE(WithoutFence::new),

    /** A node that was declared dead goes on claiming. */
    CLAIM_BY_DEAD_NODES(ClaimByDeadNodes::new),

    /** A node does not know when its lease is over. */
    WITHOUT_HOLDER_GUARD(WithoutHolderGuard::new),

    /** A claim returns tasks of every type. */
    CLAIM_WITHOUT_TYPE_FILTER(WithoutTypeFilter::new),

    /** A snooze and a hand-back count as tries. */
    TRY_NOT_GIVEN_BACK(TryNotGivenBack::new),

    /** A group of ends that fails is offered again as a whole. */
    WITHOUT_HALVING(WithoutHalving::new),

    /** What ends an attempt leaves its owner, so that the same token matches again. */
    OWNER_NOT_CLEARED(OwnerNotCleared::new),

    /** A node does not look for claims whose reply was lost. */
    WITHOUT_AUDIT(WithoutAudit::new),

    /** A write of unknown outcome is not read back. */
    WITHOUT_READ_BACK(WithoutReadBack::new),

    /** The tasks of a dead node are recovered once, and never again when that goes wrong. */
    REAPER_NOT_REPEATED(ReaperNotRepeated::new),

    /** Tasks are looked for only after a signal. */
    WITHOUT_SWEEP(Mutation::new),

    /** A hand-back sets the epoch back. */
    HAND_BACK_RESETS_EPOCH(HandBackResetsEpoch::new),

    /** The level of a task has no place in the order. */
    WITHOUT_AGING(WithoutAging::new),

    /** The first parent that ends lets a task go on. */
    FIRST_PARENT_RELEASES(FirstParentReleases::new),

    /** The end of a parent is not seen by what waits for it. */
    RELEASE_FORGOTTEN(ReleaseForgotten::new),

    /** A parent that fails is forgotten by those that are to be cancelled with it. */
    CANCELLATION_NOT_PASSED_ON(CancellationNotPassedOn::new),

    /** A node that is suspected is ended although it has just beaten. */
    END_WITHOUT_SILENCE(EndWithoutSilence::new),

    /** A role is taken although another node holds it. */
    ROLE_WITHOUT_HOLDER_CHECK(RoleWithoutHolderCheck::new),

    /** A document is written whichever version its writer has seen. */
    WRITE_WITHOUT_VERSION(WriteWithoutVersion::new),

    /** The permit of a cancelled task is given to nobody. */
    PERMIT_LOST_ON_CANCEL(PermitLostOnCancel::new),

    /** The permit of a task whose attempt has ended is given to nobody. */
    PERMIT_LOST_ON_FINISH(PermitLostOnFinish::new),

    /** The permits of a dead node's tasks are given on, although these are ready again and keep them. */
    PERMIT_GIVEN_TWICE_BY_THE_REAPER(PermitGivenTwice::new),

    /** A claim counts what runs in a queue before it has the lock: what another claim took meanwhile is not in it. */
    QUEUE_COUNTED_BEFORE_THE_LOCK(QueueCountedBeforeTheLock::new),

    /** Each node counts in a queue what it runs itself. */
    QUEUE_LIMITED_BY_NODE(QueueLimitedByNode::new),

    /** Each claim begins the rate of a queue anew. */
    RATE_FORGOTTEN(RateForgotten::new),

    /** A queue that is not the default one is never found by a look. */
    QUEUE_NOT_LOOKED_AT(QueueNotLookedAt::new);

    private final Function<Store, Mutation> mutation;

    Mutant(Function<Store, Mutation> mutation) {
        this.mutation = mutation;
    }

    Mutation of(Store store) {
        return mutation.apply(store);
    }

    private static AttemptEnd with(AttemptEnd end, FencingToken token) {
        return new AttemptEnd(
                token,
                end.session(),
                end.startedAt(),
                end.endedAt(),
                end.outcome(),
                end.next(),
                end.retryAfter(),
                end.result());
    }

    private static ClaimedTask with(ClaimedTask claimed, FencingToken token, int attempt) {
        return new ClaimedTask(
                token,
                claimed.request(),
                attempt,
                claimed.cancelRequested(),
                claimed.input(),
                claimed.waited(),
                claimed.history());
    }

    private static TaskRequest with(TaskRequest request, List<ParentTask> parents) {
        return request.withOptions(request.options().withParents(parents));
    }

    private static final class FirstParentReleases extends Mutation {
        FirstParentReleases(Store store) {
            super(store);
        }

        @Override
        List<TaskId> submit(List<TaskRequest> requests) {
            return tasks.submit(requests.stream()
                    .map(request -> with(
                            request,
                            request.options().parents().stream().limit(1).toList()))
                    .toList());
        }
    }

    private static final class CancellationNotPassedOn extends Mutation {
        CancellationNotPassedOn(Store store) {
            super(store);
        }

        @Override
        List<TaskId> submit(List<TaskRequest> requests) {
            return tasks.submit(requests.stream()
                    .map(request -> with(
                            request,
                            request.options().parents().stream()
                                    .map(parent -> parent.onFailure() == OnFailure.CANCEL
                                            ? new ParentTask(parent.id(), OnFailure.BLOCK)
                                            : parent)
                                    .toList()))
                    .toList());
        }
    }

    private static final class ReleaseForgotten extends Mutation {
        ReleaseForgotten(Store store) {
            super(store);
        }

        @Override
        Set<FencingToken> finish(List<AttemptEnd> ends) {
            // Held ones do not become ready.
            ends.stream()
                    .filter(end -> end.next().isTerminal())
                    .flatMap(end ->
                            tasks.children(end.fencingToken().id(), Optional.empty(), TaskStore.MAX_BATCH).stream())
                    .forEach(child -> tasks.hold(child.task()));
            return super.finish(ends);
        }
    }

    private static final class WithoutFence extends Mutation {
        private final Map<TaskId, FencingToken> latest = new HashMap<>();

        WithoutFence(Store store) {
            super(store);
        }

        @Override
        List<ClaimedTask> claim(ClaimRequest request, boolean isAlive) {
            List<ClaimedTask> claimed = super.claim(request, isAlive);
            claimed.forEach(each -> latest.put(each.fencingToken().id(), each.fencingToken()));
            return claimed;
        }

        @Override
        Set<FencingToken> finish(List<AttemptEnd> ends) {
            Map<FencingToken, FencingToken> asked = new HashMap<>();
            List<AttemptEnd> changed = new ArrayList<>();
            for (AttemptEnd end : ends) {
                FencingToken token = latest.get(end.fencingToken().id());
                asked.put(token, end.fencingToken());
                changed.add(with(end, token));
            }
            Set<FencingToken> matched = new LinkedHashSet<>();
            super.finish(changed).forEach(token -> matched.add(asked.get(token)));
            return matched;
        }
    }

    private static final class ClaimByDeadNodes extends Mutation {

        ClaimByDeadNodes(Store store) {
            super(store);
        }

        @Override
        List<ClaimedTask> claim(ClaimRequest request, boolean isAlive) {
            if (isAlive) {
                return super.claim(request, true);
            }
            long other = nodes.join("instead of a dead one");
            return tasks
                    .claim(new ClaimRequest(other, request.limit(), request.quotas(), true, request.shares()))
                    .stream()
                    .map(claimed -> with(
                            claimed,
                            new FencingToken(
                                    claimed.fencingToken().id(),
                                    claimed.fencingToken().epoch(),
                                    request.incarnation()),
                            claimed.attempt()))
                    .toList();
        }
    }

    private static final class WithoutHolderGuard extends Mutation {

        WithoutHolderGuard(Store store) {
            super(store);
        }

        @Override
        Optional<Duration> beat(long incarnation, Duration validity) {
            return super.beat(incarnation, Duration.ofDays(36_500));
        }
    }

    private static final class WithoutTypeFilter extends Mutation {

        WithoutTypeFilter(Store store) {
            super(store);
        }

        @Override
        List<ClaimedTask> claim(ClaimRequest request, boolean isAlive) {
            Map<String, Integer> quotas = new TreeMap<>();
            for (String type : List.of(TaskScript.COMMON, TaskScript.RARE, TaskScript.LATE)) {
                quotas.put(type, request.limit());
            }
            return super.claim(
                    new ClaimRequest(request.incarnation(), request.limit(), quotas, true, request.shares()), isAlive);
        }
    }

    private static final class TryNotGivenBack extends Mutation {
        private final Map<TaskId, Integer> kept = new HashMap<>();

        TryNotGivenBack(Store store) {
            super(store);
        }

        @Override
        List<ClaimedTask> claim(ClaimRequest request, boolean isAlive) {
            return super.claim(request, isAlive).stream()
                    .map(claimed -> with(
                            claimed,
                            claimed.fencingToken(),
                            claimed.attempt()
                                    + kept.getOrDefault(claimed.fencingToken().id(), 0)))
                    .toList();
        }

        @Override
        Set<FencingToken> finish(List<AttemptEnd> ends) {
            Set<FencingToken> matched = super.finish(ends);
            ends.stream()
                    .filter(end -> matched.contains(end.fencingToken()))
                    .filter(end ->
                            end.outcome() == AttemptOutcome.SNOOZED || end.outcome() == AttemptOutcome.HANDED_BACK)
                    .forEach(end -> kept.merge(end.fencingToken().id(), 1, Integer::sum));
            return matched;
        }
    }

    /** Seen from the store, a part of a group that has failed fails as well: its members never stand alone. */
    private static final class WithoutHalving extends Mutation {
        private final Set<FencingToken> failed = new HashSet<>();

        WithoutHalving(Store store) {
            super(store);
        }

        @Override
        Set<FencingToken> finish(List<AttemptEnd> ends) {
            boolean isPart = ends.stream().anyMatch(end -> failed.contains(end.fencingToken()));
            boolean isRefused = ends.stream().anyMatch(SimulatedStore::cannotBeStored);
            if (isRefused && ends.size() > 1) {
                ends.forEach(end -> failed.add(end.fencingToken()));
            }
            if (isPart || isRefused) {
                throw new StoreException(StoreException.Kind.FAILED, "the group cannot be stored", null);
            }
            return super.finish(ends);
        }
    }

    private static final class OwnerNotCleared extends Mutation {
        private final Map<TaskId, FencingToken> latest = new HashMap<>();

        OwnerNotCleared(Store store) {
            super(store);
        }

        @Override
        List<ClaimedTask> claim(ClaimRequest request, boolean isAlive) {
            List<ClaimedTask> claimed = super.claim(request, isAlive);
            claimed.forEach(each -> latest.put(each.fencingToken().id(), each.fencingToken()));
            return claimed;
        }

        @Override
        Set<FencingToken> finish(List<AttemptEnd> ends) {
            Set<FencingToken> matched = new LinkedHashSet<>(super.finish(ends));
            ends.forEach(end -> {
                if (end.fencingToken().equals(latest.get(end.fencingToken().id()))) {
                    matched.add(end.fencingToken());
                }
            });
            return matched;
        }
    }

    private static final class WithoutAudit extends Mutation {

        WithoutAudit(Store store) {
            super(store);
        }

        @Override
        Set<FencingToken> runningOf(long incarnation) {
            return Set.of();
        }
    }

    private static final class WithoutReadBack extends Mutation {

        WithoutReadBack(Store store) {
            super(store);
        }

        @Override
        List<Attempt> attempts(TaskId id) {
            return List.of();
        }
    }

    private static final class ReaperNotRepeated extends Mutation {
        private final Set<Long> named = new HashSet<>();

        ReaperNotRepeated(Store store) {
            super(store);
        }

        @Override
        List<Long> deadOwners() {
            return super.deadOwners().stream().filter(named::add).toList();
        }
    }

    private static final class HandBackResetsEpoch extends Mutation {
        private final Map<TaskId, Long> since = new HashMap<>();
        private final Map<FencingToken, FencingToken> stored = new HashMap<>();

        HandBackResetsEpoch(Store store) {
            super(store);
        }

        @Override
        List<ClaimedTask> claim(ClaimRequest request, boolean isAlive) {
            return super.claim(request, isAlive).stream()
                    .map(claimed -> {
                        FencingToken token = claimed.fencingToken();
                        FencingToken shown = new FencingToken(
                                token.id(), token.epoch() - since.getOrDefault(token.id(), 0L), token.owner());
                        stored.put(shown, token);
                        return with(claimed, shown, claimed.attempt());
                    })
                    .toList();
        }

        @Override
        Set<FencingToken> finish(List<AttemptEnd> ends) {
            Set<FencingToken> matched = new LinkedHashSet<>();
            for (AttemptEnd end : ends) {
                FencingToken token = stored.getOrDefault(end.fencingToken(), end.fencingToken());
                if (super.finish(List.of(with(end, token))).contains(token)) {
                    matched.add(end.fencingToken());
                    if (end.outcome() == AttemptOutcome.HANDED_BACK) {
                        since.put(token.id(), token.epoch());
                    }
                }
            }
            return matched;
        }
    }

    private static final class WithoutAging extends Mutation {

        WithoutAging(Store store) {
            super(store);
        }

        @Override
        List<TaskId> submit(List<TaskRequest> requests) {
            return super.submit(requests.stream()
                    .map(request -> request.withPriority(Priority.URGENT))
                    .toList());
        }
    }

    private static final class EndWithoutSilence extends Mutation {

        EndWithoutSilence(Store store) {
            super(store);
        }

        @Override
        boolean endSilent(long incarnation, Duration silence) {
            nodes.leave(incarnation);
            return true;
        }
    }

    private static final class RoleWithoutHolderCheck extends Mutation {

        RoleWithoutHolderCheck(Store store) {
            super(store);
        }

        @Override
        Optional<NodeRole> takeRole(ClusterStore cluster, String name, long incarnation) {
            cluster.roles().stream()
                    .filter(role -> role.name().equals(name) && role.holder() != incarnation)
                    .forEach(cluster::giveUpRole);
            return super.takeRole(cluster, name, incarnation);
        }
    }

    private static final class WriteWithoutVersion extends Mutation {

        WriteWithoutVersion(Store store) {
            super(store);
        }

        @Override
        SharedDocument writeDocument(ClusterStore cluster, String name, long expectedVersion, String text) {
            long version = cluster.document(name).map(SharedDocument::version).orElse(0L);
            return super.writeDocument(cluster, name, version, text);
        }
    }

    /** Whoever would get a permit is held back, as one that nobody finds. */
    private abstract static class PermitLost extends Mutation {

        PermitLost(Store store) {
            super(store);
        }

        final <T> T losing(Supplier<T> call) {
            Set<TaskId> waiting = new HashSet<>();
            tasks.list(TaskQuery.newest(500)).stream()
                    .filter(task -> task.state() == TaskState.LIMITED)
                    .forEach(task -> waiting.add(task.id()));
            T reply = call.get();
            waiting.stream().filter(id -> stateOf(id) == TaskState.READY).forEach(tasks::hold);
            return reply;
        }

        private TaskState stateOf(TaskId id) {
            return tasks.find(id).orElseThrow().state();
        }
    }

    private static final class PermitLostOnCancel extends PermitLost {

        PermitLostOnCancel(Store store) {
            super(store);
        }

        @Override
        Optional<Task> cancel(TaskId id) {
            return losing(() -> super.cancel(id));
        }
    }

    private static final class PermitLostOnFinish extends PermitLost {

        PermitLostOnFinish(Store store) {
            super(store);
        }

        @Override
        Set<FencingToken> finish(List<AttemptEnd> ends) {
            return losing(() -> super.finish(ends));
        }
    }

    private static final class PermitGivenTwice extends Mutation {

        PermitGivenTwice(Store store) {
            super(store);
        }

        @Override
        int reap(long incarnation) {
            Set<String> keys = new HashSet<>();
            tasks.runningOf(incarnation)
                    .forEach(token -> tasks.find(token.id())
                            .orElseThrow()
                            .request()
                            .options()
                            .limitKey()
                            .ifPresent(keys::add));
            int count = super.reap(incarnation);
            List<KeyLimit> before = tasks.limits(Optional.empty(), TaskStore.MAX_BATCH);
            for (String key : keys) {
                Optional<KeyLimit> own =
                        before.stream().filter(limit -> limit.key().equals(key)).findFirst();
                int most = own.map(KeyLimit::maxRunning).orElse(KeyLimit.DEFAULT);
                tasks.setLimit(new KeyLimit(ProjectId.DEFAULT, key, most + 1));
                tasks.setLimit(new KeyLimit(ProjectId.DEFAULT, key, most));
            }
            return count;
        }
    }

    /** Claims with other settings than there are. */
    private abstract static class OtherSettings extends Mutation {

        OtherSettings(Store store) {
            super(store);
        }

        /** What the claim is to go by; the same when nothing changes. */
        abstract LaneSettings change(LaneSettings settings, long running, long incarnation);

        @Override
        List<ClaimedTask> claim(ClaimRequest request, boolean isAlive) {
            List<LaneSettings> all = lanes.settings();
            all.forEach(each -> {
                LaneSettings changed = change(each, running(each), request.incarnation());
                if (!changed.equals(each)) {
                    lanes.save(changed);
                }
            });
            try {
                return super.claim(request, isAlive);
            } finally {
                all.forEach(lanes::save);
            }
        }

        private long running(LaneSettings settings) {
            return lanes.counts().stream()
                    .filter(count -> count.state() == TaskState.RUNNING
                            && settings.scope().has(count.lane()))
                    .mapToLong(LaneCount::tasks)
                    .sum();
        }
    }

    private static final class QueueCountedBeforeTheLock extends OtherSettings {
        private final Map<LaneScope, Long> lastRunning = new HashMap<>();

        QueueCountedBeforeTheLock(Store store) {
            super(store);
        }

        @Override
        LaneSettings change(LaneSettings settings, long running, long incarnation) {
            Long before = lastRunning.put(settings.scope(), running);
            long unseen = before == null ? 0 : Math.max(0, running - before);
            return settings.maxRunning()
                    .map(most -> settings.withMaxRunning((int) (most + unseen)))
                    .orElse(settings);
        }
    }

    private static final class QueueLimitedByNode extends OtherSettings {

        QueueLimitedByNode(Store store) {
            super(store);
        }

        @Override
        LaneSettings change(LaneSettings settings, long running, long incarnation) {
            long own = tasks.runningOf(incarnation).stream()
                    .filter(token -> settings.scope()
                            .has(Lane.of(tasks.find(token.id()).orElseThrow().request())))
                    .count();
            return settings.maxRunning()
                    .map(most -> settings.withMaxRunning((int) (most + running - own)))
                    .orElse(settings);
        }
    }

    private static final class RateForgotten extends Mutation {

        RateForgotten(Store store) {
            super(store);
        }

        @Override
        List<ClaimedTask> claim(ClaimRequest request, boolean isAlive) {
            lanes.settings().stream().filter(each -> each.rate().isPresent()).forEach(each -> {
                lanes.remove(each.scope());
                lanes.save(each);
            });
            return super.claim(request, isAlive);
        }
    }

    private static final class QueueNotLookedAt extends Mutation {

        QueueNotLookedAt(Store store) {
            super(store);
        }

        @Override
        List<LaneCount> laneCounts() {
            return super.laneCounts().stream()
                    .filter(count -> count.lane().equals(Lane.DEFAULT))
                    .toList();
        }
    }
}

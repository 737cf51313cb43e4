package dev.architect.testkit.simulation;

import dev.architect.attempt.Attempt;
import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.error.StoreException;
import dev.architect.lane.LaneCount;
import dev.architect.lane.LaneStore;
import dev.architect.node.ClusterStore;
import dev.architect.node.NodeRole;
import dev.architect.node.SharedDocument;
import dev.architect.spi.NodeStore;
import dev.architect.spi.Store;
import dev.architect.spi.TaskStore;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The calls of a store that a {@link Mutant} may spoil; as it is, it spoils none. */
class Mutation {

    protected final TaskStore tasks;
    protected final NodeStore nodes;

    protected final LaneStore lanes;

    Mutation(Store store) {
        this.tasks = store.tasks();
        this.nodes = store.nodes();
        this.lanes = store.lanes();
    }

    List<TaskId> submit(List<TaskRequest> requests) {
        return tasks.submit(requests);
    }

    /** {@code isAlive} is whether the incarnation that claims has not been declared dead. */
    List<ClaimedTask> claim(ClaimRequest request, boolean isAlive) {
        return tasks.claim(request);
    }

    /** All of them or none, as every store. */
    Set<FencingToken> finish(List<AttemptEnd> ends) {
        if (ends.stream().anyMatch(SimulatedStore::cannotBeStored)) {
            throw new StoreException(StoreException.Kind.FAILED, "the group cannot be stored", null);
        }
        return tasks.finish(ends);
    }

    Optional<Task> cancel(TaskId id) {
        return tasks.cancel(id);
    }

    int reap(long incarnation) {
        return tasks.reap(incarnation);
    }

    int promoteLimited(int limit) {
        return tasks.promoteLimited(limit);
    }

    List<LaneCount> laneCounts() {
        return lanes.counts();
    }

    Set<FencingToken> runningOf(long incarnation) {
        return tasks.runningOf(incarnation);
    }

    List<Attempt> attempts(TaskId id) {
        return tasks.attempts(id);
    }

    List<Long> deadOwners() {
        return nodes.deadOwners();
    }

    Optional<Duration> beat(long incarnation, Duration validity) {
        return nodes.beat(incarnation).map(unlimited -> validity);
    }

    boolean endSilent(long incarnation, Duration silence) {
        return nodes.endSilent(incarnation, silence);
    }

    Optional<NodeRole> takeRole(ClusterStore cluster, String name, long incarnation) {
        return cluster.takeRole(name, incarnation);
    }

    SharedDocument writeDocument(ClusterStore cluster, String name, long expectedVersion, String text) {
        return cluster.writeDocument(name, expectedVersion, text);
    }
}

package dev.architect.testkit.simulation;

import dev.architect.attempt.FencingToken;
import dev.architect.spi.TaskStore;
import dev.architect.task.ParentTask;
import dev.architect.task.TaskId;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the row of one task has to be by the calls that were made, and what its attempts did. */
final class TaskHistory {

    final TaskId id;
    final TaskScript script;
    final List<ParentTask> parents;
    /** Those that have released it. */
    final Set<TaskId> released = new HashSet<>();

    final List<Performance> performances = new ArrayList<>();
    final Set<Long> performedEpochs = new HashSet<>();
    /** Why its node died, each time that it was recovered. */
    final List<String> deaths = new ArrayList<>();

    TaskState state;
    /** By which it is ordered while it is ready. */
    Instant sortKey;

    long epoch;
    long owner;
    /** When the last of its parents released it, in nanoseconds. */
    long releasedAt;

    /** When it was claimed, in turns. */
    int claimedAt;

    int tries;
    int snoozes;
    boolean isAcknowledged;
    boolean cancelRequested;
    boolean wasRefused;
    /** Its last claim had its effect after its sender had been told that it failed. */
    boolean wasClaimedLate;

    @Nullable
    Instant dueAt;

    /** The node that recorded its end; null when none did. */
    @Nullable
    SimulatedNode endedBy;

    @Nullable
    TaskState announced;

    /** One run of the worker. */
    static final class Performance {
        final SimulatedNode node;
        final SimulatedThread thread;
        final FencingToken token;
        boolean hasReturned;

        Performance(SimulatedNode node, SimulatedThread thread, FencingToken token) {
            this.node = node;
            this.thread = thread;
            this.token = token;
        }
    }

    TaskHistory(
            TaskId id,
            TaskScript script,
            List<ParentTask> parents,
            TaskState state,
            Instant createdAt,
            @Nullable Instant dueAt) {
        this.id = id;
        this.script = script;
        this.parents = parents;
        this.state = state;
        this.sortKey = sortKey(createdAt);
        this.dueAt = dueAt;
    }

    Instant sortKey(Instant readyAt) {
        return readyAt.plus(agingTime());
    }

    private Duration agingTime() {
        return TaskStore.AGING.multipliedBy(script.request().priority().level());
    }

    boolean isHeldBy(FencingToken token) {
        return state == TaskState.RUNNING && token.epoch() == epoch && token.owner() == owner;
    }

    /** Its state when nothing but a permit can keep it from being ready. */
    TaskState mayGoOn() {
        return script.request().options().limitKey().isPresent() ? TaskState.LIMITED : TaskState.READY;
    }

    /** How many nodes died while they ran it. */
    int crashes() {
        return deaths.size();
    }

    @Override
    public String toString() {
        return "task " + id + " (" + script.kind() + " x" + script.times() + ", "
                + script.request().type() + ", " + state
                + ", epoch " + epoch + ", owner " + owner + ", tries " + tries + ", snoozes " + snoozes + ", deaths "
                + deaths
                + ")";
    }
}

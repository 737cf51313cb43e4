package dev.architect.store.memory;

import dev.architect.attempt.Attempt;
import dev.architect.attempt.FencingToken;
import dev.architect.model.StopReason;
import dev.architect.spi.TaskStore;
import dev.architect.step.OutputChunk;
import dev.architect.step.TaskProgress;
import dev.architect.step.TaskStep;
import dev.architect.submission.TaskDeadlines;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskResult;
import dev.architect.task.TaskState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The mutable state of one task. Guarded by the store's lock. */
final class InMemoryTask {

    final TaskId id;
    TaskRequest request;
    final Instant createdAt;
    final List<Attempt> attempts = new ArrayList<>();
    final Map<String, TaskStep> steps = new LinkedHashMap<>();
    /** The tasks that it waits for or has waited for, in their order. */
    final List<InMemoryDependencies.Edge> parents = new ArrayList<>();

    final NavigableMap<Long, OutputChunk> chunks = new TreeMap<>();
    TaskState state = TaskState.READY;
    Instant sortKey;
    long epoch;
    long owner;
    int attempt;
    int crashes;
    int snoozes;

    /** How many of its parents have not released it. */
    int pending;

    boolean cancelRequested;
    boolean isKeyed;

    TaskDeadlines deadlines = TaskDeadlines.NONE;

    /** Whether it is out of reach, on its way to another store. */
    boolean isTaken;

    @Nullable
    Instant snoozedSince;

    @Nullable
    Instant dueAt;

    @Nullable
    Instant claimedAt;

    @Nullable
    Instant endedAt;

    @Nullable
    String output;

    @Nullable
    String error;

    @Nullable
    String input;

    @Nullable
    StopReason stopReason;

    @Nullable
    TaskProgress progress;

    InMemoryTask(TaskId id, TaskRequest request, Instant createdAt) {
        this.id = id;
        this.request = request;
        this.createdAt = createdAt;
        this.sortKey = sortKey(createdAt);
    }

    /** The place in the serving order of a task that becomes ready at {@code readyAt}: each level of priority costs one aging step. */
    Instant sortKey(Instant readyAt) {
        return readyAt.plus(TaskStore.AGING.multipliedBy(request.priority().level()));
    }

    Instant readyAt() {
        return sortKey.minus(TaskStore.AGING.multipliedBy(request.priority().level()));
    }

    FencingToken fencingToken() {
        return new FencingToken(id, epoch, owner);
    }

    boolean matches(FencingToken fencingToken) {
        return state == TaskState.RUNNING && fencingToken.epoch() == epoch && fencingToken.owner() == owner;
    }

    void end(TaskState end, Instant now) {
        state = end;
        endedAt = now;
        dueAt = null;
    }

    /** As if it were new, but for its epoch and its attempts. */
    void redrive(Instant now) {
        state = TaskState.READY;
        sortKey = sortKey(now);
        attempt = 0;
        crashes = 0;
        snoozes = 0;
        cancelRequested = false;
        snoozedSince = null;
        endedAt = null;
        output = null;
        error = null;
        stopReason = null;
    }

    Task toTask() {
        return new Task(
                id,
                request,
                state,
                epoch,
                attempt,
                cancelRequested,
                createdAt,
                Optional.ofNullable(dueAt),
                Optional.ofNullable(endedAt),
                Optional.ofNullable(stopReason));
    }

    TaskResult result() {
        return new TaskResult(
                id,
                state,
                // A cancelled attempt leaves its error here, but its task has no result text, as in other stores.
                Optional.ofNullable(state == TaskState.DONE ? output : null),
                Optional.ofNullable(resultError()),
                Optional.ofNullable(stopReason));
    }

    private @Nullable String resultError() {
        return switch (state) {
            case DEAD -> error;
            case EXPIRED ->
                deadlines.endsBy().isPresent() && deadlines.equals(deadlines.begun())
                        ? TaskStore.NOT_DONE
                        : TaskStore.NOT_BEGUN;
            case READY, RUNNING, SCHEDULED, BLOCKED, LIMITED, HELD, DONE, CANCELLED -> null;
        };
    }
}

package dev.architect.testkit.store.flow;

import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.AttemptResult;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.spi.Store;
import dev.architect.spi.TaskStore;
import dev.architect.step.StepStore;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.testkit.store.node.StoreHandles;
import dev.architect.testkit.time.ManualTime;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An open store with one node, another handle on it, and short methods to submit, claim and end tasks. */
abstract class StoreFlowFixture {

    private final StoreHandles handles;
    final ManualTime time = new ManualTime();
    private @Nullable Store open;
    private @Nullable Store other;
    private long joined;

    StoreFlowFixture(StoreHandles handles) {
        this.handles = handles;
    }

    @BeforeEach
    void openStore() throws Exception {
        open = handles.open(time);
        joined = store().nodes().join("node-1");
    }

    @AfterEach
    void closeStore() {
        if (other != null) {
            other.close();
        }
        if (open != null) {
            open.close();
        }
    }

    Store store() {
        if (open == null) {
            throw new IllegalStateException("store is not open, expected open");
        }
        return open;
    }

    /** Another handle on the same database, which is opened when it is first asked for. */
    Store second() throws Exception {
        if (other == null) {
            other = handles.openAnother(store(), time);
        }
        return other;
    }

    TaskStore tasks() {
        return store().tasks();
    }

    StepStore steps() {
        return store().steps();
    }

    long node() {
        return joined;
    }

    void kill(long incarnation) throws Exception {
        handles.kill(store(), incarnation);
        store().nodes().deadOwners();
    }

    TaskId submit(TaskRequest request) {
        return tasks().submit(List.of(request)).get(0);
    }

    List<ClaimedTask> claim(int limit) {
        return tasks().claim(ClaimRequest.of(joined, limit, Set.of(TaskRequest.PROMPT)));
    }

    /** Submits a task and claims it; there must be no other ready one. */
    FencingToken running() {
        submit(TaskRequest.prompt("p"));
        return claim(1).get(0).fencingToken();
    }

    Task find(TaskId id) {
        return tasks().find(id).orElseThrow();
    }

    TaskState state(TaskId id) {
        return find(id).state();
    }

    boolean finish(FencingToken token, TaskState next) {
        return tasks().finish(List.of(end(token, next))).contains(token);
    }

    AttemptEnd end(FencingToken token, TaskState next) {
        boolean isDone = next == TaskState.DONE;
        return new AttemptEnd(
                token,
                "llm-1",
                time.wallTime(),
                time.wallTime().plusMillis(250),
                switch (next) {
                    case DONE -> AttemptOutcome.SUCCEEDED;
                    case CANCELLED -> AttemptOutcome.CANCELLED;
                    case READY -> AttemptOutcome.HANDED_BACK;
                    default -> AttemptOutcome.FAILED;
                },
                next,
                Duration.ZERO,
                isDone ? AttemptResult.output("output of " + token.id()) : AttemptResult.error("failed"));
    }

    /** Runs all of them at the same time and waits for their ends. */
    static void runTogether(List<Callable<Void>> work) throws Exception {
        try (ThreadRunner runner = new ThreadRunner("store-contract")) {
            List<CompletableFuture<Void>> ends = new ArrayList<>();
            for (Callable<Void> each : work) {
                CompletableFuture<Void> end = new CompletableFuture<>();
                ends.add(end);
                runner.start("racer", () -> {
                    try {
                        end.complete(each.call());
                    } catch (Exception | AssertionError failure) {
                        // An AssertionError is no Exception, and would be lost with its thread.
                        end.completeExceptionally(failure);
                    }
                });
            }
            for (CompletableFuture<Void> end : ends) {
                end.get(60, TimeUnit.SECONDS);
            }
        }
    }
}

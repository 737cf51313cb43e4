package dev.architect.testkit.store;

import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.AttemptResult;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.spi.Store;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.testkit.time.ManualTime;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An open store with one node, and short methods to submit, claim and end its tasks. */
abstract class StoreCases {

    static final String OUTPUT = "the output";
    static final String ERROR = "provider claude answered 500, expected 200";

    private final StoreContract contract;
    final ManualTime time = new ManualTime();
    private @Nullable Store open;
    private @Nullable Store second;
    private long joined;

    StoreCases(StoreContract contract) {
        this.contract = contract;
    }

    @BeforeEach
    void openStore() throws Exception {
        open = contract.open(time);
        joined = store().nodes().join("node-1");
    }

    @AfterEach
    void closeStore() {
        if (second != null) {
            second.close();
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
        if (second == null) {
            second = contract.openAnother(store(), time);
        }
        return second;
    }

    /** The incarnation that claims by default. */
    long node() {
        return joined;
    }

    void kill(long incarnation) throws Exception {
        contract.kill(store(), incarnation);
    }

    /** Simulates the death of the process that has the second handle. */
    void killSecond(long incarnation) throws Exception {
        contract.kill(second(), incarnation);
    }

    TaskId submit(TaskRequest request) {
        return store().tasks().submit(List.of(request)).get(0);
    }

    List<TaskId> submit(int count) {
        return store().tasks()
                .submit(IntStream.range(0, count).mapToObj(i -> prompt("p" + i)).toList());
    }

    static TaskRequest prompt(String text) {
        return TaskRequest.prompt(text);
    }

    /** Submits a task and claims it; there must be no other ready one. */
    ClaimedTask running() {
        submit(prompt("p"));
        return claimOne();
    }

    ClaimedTask claimOne() {
        return claim(1).get(0);
    }

    List<ClaimedTask> claim(int limit) {
        return claim(node(), limit);
    }

    /** Claims prompt tasks, which are the only ones of most cases. */
    List<ClaimedTask> claim(long incarnation, int limit) {
        return store().tasks().claim(ClaimRequest.of(incarnation, limit, Set.of(TaskRequest.PROMPT)));
    }

    List<TaskId> claimIds(int limit) {
        return claim(limit).stream().map(claimed -> claimed.fencingToken().id()).toList();
    }

    Task find(TaskId id) {
        return store().tasks().find(id).orElseThrow();
    }

    boolean finish(AttemptEnd end) {
        return store().tasks().finish(List.of(end)).contains(end.fencingToken());
    }

    AttemptEnd done(FencingToken fencingToken) {
        return end(fencingToken, AttemptOutcome.SUCCEEDED, TaskState.DONE, Duration.ZERO, OUTPUT, null);
    }

    AttemptEnd dead(FencingToken fencingToken) {
        return end(fencingToken, AttemptOutcome.FAILED, TaskState.DEAD, Duration.ZERO, null, ERROR);
    }

    AttemptEnd retry(FencingToken fencingToken, Duration after) {
        return end(fencingToken, AttemptOutcome.FAILED, TaskState.SCHEDULED, after, null, ERROR);
    }

    AttemptEnd cancelled(FencingToken fencingToken) {
        return end(fencingToken, AttemptOutcome.CANCELLED, TaskState.CANCELLED, Duration.ZERO, null, "cancelled");
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
                        // An AssertionError is no Exception; without it the test would
                        // fail by a timeout that does not name the cause.
                        end.completeExceptionally(failure);
                    }
                });
            }
            for (CompletableFuture<Void> end : ends) {
                end.get(60, TimeUnit.SECONDS);
            }
        }
    }

    AttemptEnd handedBack(FencingToken fencingToken) {
        return end(fencingToken, AttemptOutcome.HANDED_BACK, TaskState.READY, Duration.ZERO, null, null);
    }

    AttemptEnd end(
            FencingToken fencingToken,
            AttemptOutcome outcome,
            TaskState next,
            Duration retryAfter,
            @Nullable String output,
            @Nullable String error) {
        return new AttemptEnd(
                fencingToken,
                "llm-1",
                time.wallTime(),
                time.wallTime().plusMillis(250),
                outcome,
                next,
                retryAfter,
                new AttemptResult(Optional.ofNullable(output), Optional.ofNullable(error), Optional.empty()));
    }
}

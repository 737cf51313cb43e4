package dev.architect.testkit.store.dependency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.AttemptResult;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.spi.Store;
import dev.architect.spi.TaskStore;
import dev.architect.task.ParentTask;
import dev.architect.task.ParentTask.OnFailure;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.testkit.store.node.StoreHandles;
import dev.architect.testkit.time.ManualTime;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An open store with a node, another handle on it, and short methods to submit, claim and end tasks. */
abstract class StoreDependencyFixture {

    /** Of each handle. */
    static final int THREADS = 4;

    private final StoreHandles handles;
    final ManualTime time = new ManualTime();
    private @Nullable Store open;
    private @Nullable Store other;
    private long joined;

    StoreDependencyFixture(StoreHandles handles) {
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

    TaskStore tasks() {
        return store().tasks();
    }

    /** Another handle on the same database, which is opened when it is first asked for. */
    Store second() throws Exception {
        if (other == null) {
            other = handles.openAnother(store(), time);
        }
        return other;
    }

    long node() {
        return joined;
    }

    void kill(long incarnation) throws Exception {
        handles.kill(store(), incarnation);
        store().nodes().deadOwners();
    }

    static TaskRequest task(String payload) {
        return TaskRequest.of("work", payload);
    }

    static TaskRequest child(String payload, OnFailure onFailure, TaskId... parents) {
        return after(task(payload), onFailure, parents);
    }

    /** The same with parents. */
    static TaskRequest after(TaskRequest request, OnFailure onFailure, TaskId... parents) {
        return request.withOptions(request.options()
                .withParents(Stream.of(parents)
                        .map(parent -> new ParentTask(parent, onFailure))
                        .toList()));
    }

    TaskId submitChild(OnFailure onFailure, TaskId... parents) {
        return submit(child("child", onFailure, parents));
    }

    /** Submits a task and claims it; there must be no other ready one. */
    FencingToken running() {
        submit(task("parent"));
        return claimOne();
    }

    /** Submits a task that ends without success. */
    TaskId dead() {
        FencingToken token = running();
        finish(token, AttemptOutcome.FAILED, TaskState.DEAD);
        return token.id();
    }

    void done(FencingToken token) {
        finish(token, AttemptOutcome.SUCCEEDED, TaskState.DONE);
    }

    TaskId submit(TaskRequest request) {
        return tasks().submit(List.of(request)).get(0);
    }

    Task find(TaskId id) {
        return tasks().find(id).orElseThrow();
    }

    TaskState stateOf(TaskId id) {
        return find(id).state();
    }

    List<ClaimedTask> claim(int limit) {
        return tasks().claim(ClaimRequest.of(joined, limit, Set.of("work")));
    }

    FencingToken claimOne() {
        List<ClaimedTask> claimed = claim(1);
        assertThat(claimed).hasSize(1);
        return claimed.get(0).fencingToken();
    }

    void finish(FencingToken token, AttemptOutcome outcome, TaskState next) {
        assertThat(tasks().finish(List.of(end(token, outcome, next)))).containsExactly(token);
    }

    void assertCountsEqualRows() {
        Map<TaskState, Long> rows = new EnumMap<>(TaskState.class);
        TaskQuery next = TaskQuery.newest(500);
        List<Task> page = tasks().list(next);
        while (!page.isEmpty()) {
            page.forEach(task -> rows.merge(task.state(), 1L, Long::sum));
            next = next.after(page.get(page.size() - 1).id());
            page = tasks().list(next);
        }
        assertThat(tasks().counts()).isEqualTo(rows);
    }

    AttemptEnd end(FencingToken token, TaskState next) {
        return end(token, next == TaskState.DONE ? AttemptOutcome.SUCCEEDED : AttemptOutcome.FAILED, next);
    }

    private AttemptEnd end(FencingToken token, AttemptOutcome outcome, TaskState next) {
        return new AttemptEnd(
                token,
                "llm-1",
                time.wallTime(),
                time.wallTime(),
                outcome,
                next,
                Duration.ZERO,
                next == TaskState.DONE
                        ? AttemptResult.output("output of " + token.id())
                        : AttemptResult.error("failed"));
    }

    /** What one of many threads does, on one of the two handles. */
    interface Part {
        void run(TaskStore tasks, int number) throws Exception;
    }

    /** Runs {@code part} on four threads of each handle at the same time, and waits for their ends. */
    void onBothHandles(Part part) throws Exception {
        List<Callable<Void>> work = new ArrayList<>();
        for (Store handle : List.of(store(), second())) {
            for (int i = 0; i < THREADS; i++) {
                int number = work.size();
                work.add(() -> {
                    part.run(handle.tasks(), number);
                    return null;
                });
            }
        }
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
                end.get(120, TimeUnit.SECONDS);
            }
        }
    }
}

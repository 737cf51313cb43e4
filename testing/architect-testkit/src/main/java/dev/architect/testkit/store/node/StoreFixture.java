package dev.architect.testkit.store.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.error.StoreException;
import dev.architect.node.ClusterStore;
import dev.architect.spi.NodeStore;
import dev.architect.spi.Store;
import dev.architect.task.TaskRequest;
import dev.architect.testkit.time.ManualTime;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An open store, and another handle on it. */
abstract class StoreFixture {

    /** What no database column of text holds as it is: the character zero, halves of pairs, quotes, and what patterns use. */
    static final String ODD = "a\u0000b\ud83d\udcca \ud83d %_'\"\\\n\ufdd0 ä";

    private static final int THREADS = 8;

    private final StoreHandles handles;
    final ManualTime time = new ManualTime();
    private @Nullable Store open;
    private @Nullable Store other;

    StoreFixture(StoreHandles handles) {
        this.handles = handles;
    }

    @BeforeEach
    void openStore() throws Exception {
        open = handles.open(time);
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

    boolean hasChangeLog() {
        return handles.hasChangeLog();
    }

    /** Another handle on the same database, which is opened when it is first asked for. */
    Store second() throws Exception {
        if (other == null) {
            other = handles.openAnother(store(), time);
        }
        return other;
    }

    NodeStore nodes() {
        return store().nodes();
    }

    ClusterStore cluster() {
        return store().cluster();
    }

    void kill(long incarnation) throws Exception {
        handles.kill(store(), incarnation);
        nodes().deadOwners();
    }

    void silence(Store judge, long incarnation, Duration silence) throws Exception {
        handles.silence(judge, time, incarnation, silence);
    }

    void submit(int count) {
        store().tasks()
                .submit(IntStream.range(0, count)
                        .mapToObj(i -> TaskRequest.prompt("p" + i))
                        .toList());
    }

    List<ClaimedTask> claim(long incarnation, int limit) {
        return store().tasks().claim(ClaimRequest.of(incarnation, limit, Set.of(TaskRequest.PROMPT)));
    }

    static void assertClosed(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(StoreException.Kind.CLOSED));
    }

    /** What one of many threads does, on one of the two handles. */
    interface Part {
        void run(Store handle, int number) throws Exception;
    }

    /** Runs {@code part} on eight threads of each handle at the same time, and waits for their ends. */
    void onBothHandles(Part part) throws Exception {
        List<Callable<Void>> work = new ArrayList<>();
        for (Store handle : List.of(store(), second())) {
            for (int i = 0; i < THREADS; i++) {
                int number = work.size();
                work.add(() -> {
                    part.run(handle, number);
                    return null;
                });
            }
        }
        runTogether(work);
    }

    private static void runTogether(List<Callable<Void>> work) throws Exception {
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

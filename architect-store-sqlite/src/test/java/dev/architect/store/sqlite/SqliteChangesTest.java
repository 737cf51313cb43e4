package dev.architect.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.Architect;
import dev.architect.ArchitectBuilder;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.spi.Router;
import dev.architect.spi.Store;
import dev.architect.spi.Store.ChangeKind;
import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.testkit.time.ManualTime;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wake-ups by commits of another store on the same file, and by none of the own. */
class SqliteChangesTest {

    private static final long TIMEOUT_SECONDS = 30;

    @TempDir
    Path directory;

    private final ManualTime time = new ManualTime();

    private SqliteStore open() {
        return SqliteStore.builder(directory.resolve("architect.db")).time(time).open();
    }

    private static TaskId submit(Store store) {
        return store.tasks().submit(List.of(TaskRequest.of("work", "p"))).get(0);
    }

    @Test
    void ownCommitsWakeNobody() throws Exception {
        try (SqliteStore own = open();
                SqliteStore other = open()) {
            BlockingQueue<Store.Change> received = new LinkedBlockingQueue<>();
            own.subscribe(received::add);

            // The writing thread looks once in each transaction, so it has looked after all but the last when this
            // ends.
            for (int i = 0; i < 50; i++) {
                submit(own);
            }
            own.synchronous();

            assertThat(received).isEmpty();
            submit(other);
            assertThat(received.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void saysThatNoTaskIsReadyWhenNoneIs() throws Exception {
        try (SqliteStore own = open();
                SqliteStore other = open()) {
            BlockingQueue<Store.Change> received = new LinkedBlockingQueue<>();
            own.subscribe(received::add);

            long node = other.nodes().join("node");
            assertThat(received.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS))
                    .isNotNull()
                    .satisfies(change -> assertThat(change.kinds()).doesNotContain(ChangeKind.TASK_READY));

            submit(other);
            Store.Change change;
            do {
                change = received.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
                assertThat(change).isNotNull();
            } while (!change.kinds().contains(ChangeKind.TASK_READY));

            List<ClaimedTask> claimed = other.tasks().claim(ClaimRequest.of(node, 1, Set.of("work")));
            assertThat(claimed).hasSize(1);
        }
    }

    /** Time stands still, so no engine looks by itself: only what the store tells it makes it go on. */
    @Test
    void aTaskOfAnotherProcessIsStartedAndAwaitedWithoutAPoll() throws Exception {
        Architect worker = builder().build();
        Architect host = builder().withoutTaskExecution().build();
        try {
            for (int round = 0; round < 20; round++) {
                TaskHandle task = host.submit(TaskRequest.of("work", "round " + round));
                CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> {
                    try {
                        return task.await(Duration.ofHours(1)).output().orElse("none");
                    } catch (InterruptedException stop) {
                        throw new AssertionError(stop);
                    }
                });

                assertThat(output.get(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isEqualTo("done: round " + round);
            }
            assertThat(worker.tasks().counts()).containsEntry(TaskState.DONE, 20L);
        } finally {
            close(host);
            close(worker);
        }
    }

    private ArchitectBuilder builder() {
        return Architect.builder()
                .store(open())
                .router((providers, clock) -> noRouter())
                .worker(new Echo())
                .time(time);
    }

    /** Closing may wait by the clock for what still runs, so time goes on meanwhile. */
    private void close(Architect architect) throws InterruptedException {
        Thread closing = new Thread(architect::close);
        closing.start();
        while (closing.isAlive()) {
            time.advance(Duration.ofSeconds(1));
            time.awaitRest(Duration.ofSeconds(60));
            closing.join(1);
        }
    }

    private static Router noRouter() {
        return (Router) Proxy.newProxyInstance(
                Router.class.getClassLoader(), new Class<?>[] {Router.class}, (proxy, method, arguments) -> {
                    if (method.isDefault()) {
                        return InvocationHandler.invokeDefault(proxy, method, arguments);
                    }
                    return method.getReturnType() == List.class
                            ? List.of()
                            : method.getReturnType() == int.class ? 0 : null;
                });
    }

    private static final class Echo implements Worker {

        @Override
        public Set<String> types() {
            return Set.of("work");
        }

        @Override
        public String perform(TaskContext context) {
            return "done: " + context.request().payload();
        }
    }
}

package dev.architect.store.postgres.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.Architect;
import dev.architect.attempt.Attempt;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.postgres.PostgresDatabase;
import dev.architect.postgres.PostgresServer;
import dev.architect.postgres.PostgresServer.Version;
import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import dev.architect.store.postgres.PostgresStore;
import dev.architect.task.PoolLimits;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskRequest;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a node that stops in order gives back is with another one at once, and not when its lease has ended. */
final class HandOverTest {

    private static final int TASKS = 50;

    /** Half of a lease, on a machine that does other things as well; without the hand-over it would take a whole one. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** Runs until it is interrupted, or not at all. */
    private static final class Blocking implements Worker {
        private final AtomicInteger started = new AtomicInteger();
        private final boolean blocks;

        Blocking(boolean blocks) {
            this.blocks = blocks;
        }

        @Override
        public Set<String> types() {
            return Set.of("work");
        }

        @Override
        public String perform(TaskContext context) throws InterruptedException {
            started.incrementAndGet();
            if (blocks) {
                new CountDownLatch(1).await();
            }
            return "done";
        }
    }

    private static Architect node(PostgresDatabase database, String name, Worker worker) {
        return Architect.builder()
                .store(PostgresStore.builder(database.jdbcUrl())
                        .user(database.user())
                        .password(database.password())
                        .open())
                .router((providers, time) -> new ClusterNode.NoRouter())
                .worker(worker)
                .nodeName(name)
                .pool(new PoolLimits(1, 1, TASKS))
                .build();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    @Timeout(180)
    void tasksAndRolesOfANodeThatStopsAreWithAnotherOneAtOnce(Version version) throws Exception {
        Blocking blocking = new Blocking(true);
        Blocking quick = new Blocking(false);
        AtomicInteger onOther = new AtomicInteger();
        try (PostgresDatabase database = PostgresServer.shared(version).createDatabase()) {
            Architect leaving = node(database, "leaving", blocking);
            List<TaskHandle> tasks = leaving.tasks()
                    .submitAll(IntStream.range(0, TASKS)
                            .mapToObj(i -> TaskRequest.of("work", "p"))
                            .toList());
            await(() -> blocking.started.get() == TASKS);
            leaving.nodes().role("reports", role -> Duration.ofSeconds(1));
            await(() -> leaving.nodes().roles().stream()
                    .anyMatch(role -> role.name().equals("reports") && !role.isFree()));
            try (Architect other = node(database, "other", quick)) {
                other.nodes().role("reports", role -> {
                    onOther.incrementAndGet();
                    return Duration.ofSeconds(1);
                });
                leaving.handBack();
                long start = System.nanoTime();
                Thread closing = new Thread(leaving::close);
                closing.start();

                await(() -> quick.started.get() == TASKS && onOther.get() > 0);

                Duration took = Duration.ofNanos(System.nanoTime() - start);
                System.out.println("hand-over of " + TASKS + " tasks and a role on PostgreSQL " + version.number()
                        + ": " + took.toMillis() + " ms");
                assertThat(took).isLessThan(LIMIT);
                await(() -> other.tasks().result(tasks.get(TASKS - 1).id()).isPresent()
                        && other.tasks().result(tasks.get(0).id()).isPresent());
                assertThat(other.tasks().attempts(tasks.get(0).id()))
                        .extracting(Attempt::outcome)
                        .containsExactly(AttemptOutcome.HANDED_BACK, AttemptOutcome.SUCCEEDED);
                closing.join();
            }
        }
    }
}

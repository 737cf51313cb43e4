package dev.architect.cluster.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.Architect;
import dev.architect.attempt.FencingToken;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.postgres.PostgresDatabase;
import dev.architect.postgres.PostgresServer;
import dev.architect.postgres.PostgresServer.Version;
import dev.architect.project.ProjectId;
import dev.architect.route.ProviderStatus;
import dev.architect.route.Route;
import dev.architect.shard.ShardNotServedException;
import dev.architect.spi.Router;
import dev.architect.spi.RoutingContext;
import dev.architect.spi.Store;
import dev.architect.spi.TaskContext;
import dev.architect.spi.TimeSource;
import dev.architect.spi.Worker;
import dev.architect.store.postgres.PostgresStore;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.thread.ThreadRunner;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shards move there and back while nodes submit and run tasks of them: none is lost, and none is recorded twice. */
class ShardMoveLoadTest {

    private static final String TYPE = "counted";
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final List<ProjectId> PROJECTS =
            List.of(new ProjectId("apollo"), new ProjectId("gemini"), new ProjectId("mercury"));

    @TempDir
    Path directory;

    private final Set<TaskId> accepted = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<FencingToken> performed = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

    private final class CountedWorker implements Worker {

        @Override
        public Set<String> types() {
            return Set.of(TYPE);
        }

        @Override
        public String perform(TaskContext context) {
            performed.add(context.fencingToken());
            return "done";
        }
    }

    private static final class NoRouter implements Router {

        @Override
        public ChatResponse chat(ChatRequest request, RoutingContext context) {
            throw new UnsupportedOperationException("no task of this test makes a request");
        }

        @Override
        public Route route(ChatRequest request) {
            throw new UnsupportedOperationException("no task of this test makes a request");
        }

        @Override
        public List<ProviderStatus> providers() {
            return List.of();
        }

        @Override
        public void close() {}
    }

    private static PostgresStore open(PostgresDatabase database) {
        return PostgresStore.builder(database.jdbcUrl())
                .user(database.user())
                .password(database.password())
                .open();
    }

    private ShardedStore group(Store first, Store second) {
        return ShardedStore.builder("first", first).add("second", second).open();
    }

    private Architect engine(ShardedStore store, String name) {
        return Architect.builder()
                .store(store)
                .router((providers, time) -> new NoRouter())
                .worker(new CountedWorker())
                .nodeName(name)
                .stopTimeout(Duration.ofSeconds(5))
                .build();
    }

    @Test
    void losesAndDoublesNothingBetweenTwoPostgresServers() throws Exception {
        try (PostgresDatabase first = PostgresServer.shared(Version.V15).createDatabase();
                PostgresDatabase second = PostgresServer.shared(Version.V18).createDatabase()) {
            moveUnderLoad(() -> group(open(first), open(second)), 2);

            assertThat(rows(first, second)).isEqualTo(times(1));
            // An attempt that succeeded is the record of a result; one left for the ledger has no calls here.
            assertThat(succeeded(first, second)).isEqualTo(times(1));
        }
    }

    @Test
    void losesAndDoublesNothingBetweenTwoFiles() throws Exception {
        Store first = SqliteStore.at(directory.resolve("first.db"));
        Store second = SqliteStore.at(directory.resolve("second.db"));

        moveUnderLoad(() -> group(first, second), 1);
    }

    private Map<Long, Integer> times(int number) {
        Map<Long, Integer> times = new HashMap<>();
        accepted.forEach(id -> times.put(id.value(), number));
        return times;
    }

    private static Map<Long, Integer> rows(PostgresDatabase... databases) throws SQLException {
        return count("SELECT id FROM task WHERE state = 10", databases);
    }

    private static Map<Long, Integer> succeeded(PostgresDatabase... databases) throws SQLException {
        return count("SELECT task_id FROM task_attempt WHERE outcome = 1", databases);
    }

    private static Map<Long, Integer> count(String sql, PostgresDatabase... databases) throws SQLException {
        Map<Long, Integer> counts = new HashMap<>();
        for (PostgresDatabase database : databases) {
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(sql)) {
                while (row.next()) {
                    counts.merge(row.getLong(1), 1, Integer::sum);
                }
            }
        }
        return counts;
    }

    private void moveUnderLoad(Supplier<ShardedStore> store, int nodes) throws Exception {
        List<Architect> engines = new ArrayList<>();
        List<ShardedStore> stores = new ArrayList<>();
        AtomicBoolean isOver = new AtomicBoolean();
        CountDownLatch ended = new CountDownLatch(PROJECTS.size());
        try (ThreadRunner runner = new ThreadRunner("shard-load")) {
            for (int i = 0; i < nodes; i++) {
                stores.add(store.get());
                engines.add(engine(stores.get(i), "node-" + i));
            }
            for (int i = 0; i < PROJECTS.size(); i++) {
                ProjectId project = PROJECTS.get(i);
                Architect engine = engines.get(i % nodes);
                runner.start("submitter", () -> {
                    submitUntil(isOver, engine, project);
                    ended.countDown();
                });
            }
            ShardMover mover = stores.get(0).mover();
            for (String target : List.of("second", "first", "second", "first", "second")) {
                int before = accepted.size();
                mover.move(PROJECTS.get(0).shard(), target, Duration.ofMillis(200));
                // The load goes on: some of it meets each place of the shard.
                await(() -> accepted.size() >= before + 30);
            }
            isOver.set(true);
            assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
            await(() -> stores.get(0).tasks().counts().equals(Map.of(TaskState.DONE, (long) accepted.size())));
            assertThat(stores.get(0).mover().moves()).isEmpty();
            assertThat(accepted)
                    .allSatisfy(id -> assertThat(stores.get(0)
                                    .tasks()
                                    .result(id)
                                    .orElseThrow()
                                    .isDone())
                            .isTrue());
        } finally {
            engines.forEach(Architect::close);
        }
        assertThat(failures).isEmpty();
        // At least once; each epoch of a task at most once.
        assertThat(performed).doesNotHaveDuplicates();
        assertThat(performed.stream().map(FencingToken::id).distinct().count()).isEqualTo(accepted.size());
        assertThat(accepted.size()).isGreaterThan(150);
    }

    private void submitUntil(AtomicBoolean isOver, Architect engine, ProjectId project) {
        while (!isOver.get()) {
            try {
                accepted.add(engine.submit(TaskRequest.of(TYPE, "{}").withProject(project))
                        .id());
            } catch (ShardNotServedException moving) {
                // Refused, and not accepted: it is submitted again.
                continue;
            } catch (RuntimeException failure) {
                failures.add(failure);
                return;
            }
        }
    }

    /** Waits for a real engine. */
    private static void await(Supplier<Boolean> condition) throws InterruptedException {
        TimeSource time = TimeSource.system();
        long deadline = time.nanoTime() + LIMIT.toNanos();
        while (!condition.get()) {
            assertThat(time.nanoTime() - deadline)
                    .as("nanoseconds after the limit")
                    .isNegative();
            time.sleep(Duration.ofMillis(20));
        }
    }
}

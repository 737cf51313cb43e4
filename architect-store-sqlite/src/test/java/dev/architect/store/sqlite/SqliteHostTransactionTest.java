package dev.architect.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.attempt.ClaimRequest;
import dev.architect.graph.ParentRefusedException;
import dev.architect.graph.TaskLink;
import dev.architect.project.ProjectId;
import dev.architect.submission.UniqueKeyTakenException;
import dev.architect.task.ParentTask;
import dev.architect.task.ParentTask.OnFailure;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.task.UniqueKey;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig;

/** Tasks that a host submits in a transaction of its own. */
class SqliteHostTransactionTest {

    @TempDir
    Path directory;

    private SqliteStore store;
    private Connection host;

    @BeforeEach
    void open() throws SQLException {
        Path file = directory.resolve("architect.db");
        store = SqliteStore.at(file);
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(30_000);
        host = config.createConnection("jdbc:sqlite:" + file);
        execute("CREATE TABLE orders (id INTEGER PRIMARY KEY)");
        host.setAutoCommit(false);
    }

    @AfterEach
    void close() throws SQLException {
        host.close();
        store.close();
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = host.createStatement()) {
            statement.execute(sql);
        }
    }

    private static TaskRequest invoice(int number) {
        return TaskRequest.of("invoice", "order " + number).withProject(new ProjectId("shop"));
    }

    private List<TaskId> ids() {
        return store.tasks().list(TaskQuery.newest(500)).stream().map(Task::id).toList();
    }

    private static TaskRequest after(int number, TaskId parent) {
        return invoice(number)
                .withOptions(TaskOptions.DEFAULT.withParents(List.of(new ParentTask(parent, OnFailure.CANCEL))));
    }

    private TaskState stateOf(TaskId id) {
        return store.tasks().find(id).orElseThrow().state();
    }

    @Test
    void waitForTheirParents() throws SQLException {
        TaskId parent = store.tasks().submit(List.of(invoice(1))).get(0);
        TaskId rolledBack = store.submit(host, List.of(after(2, parent))).get(0);
        host.rollback();
        TaskId child = store.submit(host, List.of(after(3, parent))).get(0);
        host.commit();

        assertThat(store.tasks().find(rolledBack)).isEmpty();
        assertThat(stateOf(child)).isEqualTo(TaskState.BLOCKED);
        assertThat(store.tasks().children(parent, Optional.empty(), 10))
                .extracting(TaskLink::task)
                .containsExactly(child);
        store.tasks().cancel(parent);
        assertThat(stateOf(child)).isEqualTo(TaskState.CANCELLED);

        TaskId late = store.submit(host, List.of(after(4, parent))).get(0);
        host.commit();
        assertThat(stateOf(late)).isEqualTo(TaskState.CANCELLED);
        assertThatThrownBy(() -> store.submit(host, List.of(after(5, new TaskId(7)))))
                .isInstanceOf(ParentRefusedException.class);
        host.rollback();
        assertThat(store.tasks().counts()).isEqualTo(Map.of(TaskState.CANCELLED, 3L));
    }

    @Test
    void followTheirUniqueKeysAndDeadlines() throws SQLException {
        TaskOptions options = TaskOptions.DEFAULT
                .withUniqueKey(UniqueKey.rejecting("order-1"))
                .withExpiry(Duration.ofHours(1));
        List<TaskId> submitted = store.submit(host, List.of(invoice(1).withOptions(options), invoice(2)));
        host.commit();

        assertThatThrownBy(() -> store.submit(host, List.of(invoice(3).withOptions(options))))
                .isInstanceOfSatisfying(
                        UniqueKeyTakenException.class,
                        taken -> assertThat(taken.holder()).isEqualTo(submitted.get(0)));
        host.rollback();
        TaskOptions again = options.withUniqueKey(UniqueKey.replacing("order-1"));
        assertThat(store.submit(host, List.of(invoice(4).withOptions(again)))).containsExactly(submitted.get(0));
        host.commit();
        assertThat(ids()).containsExactlyInAnyOrderElementsOf(submitted);
        assertThat(store.tasks().find(submitted.get(0)).orElseThrow().request().payload())
                .isEqualTo("order 4");
        assertThat(store.tasks().untilNextExpiry()).isPresent();
    }

    @Test
    void existWhenTheHostHasCommitted() throws SQLException {
        execute("INSERT INTO orders (id) VALUES (1)");
        List<TaskId> submitted = store.submit(host, List.of(invoice(1)));
        assertThat(ids()).isEmpty();
        host.commit();

        assertThat(ids()).isEqualTo(submitted);
        assertThat(store.tasks().counts()).isEqualTo(Map.of(TaskState.READY, 1L));
        long node = store.nodes().join("node");
        assertThat(store.tasks().claim(ClaimRequest.of(node, 5, Set.of("invoice"))))
                .singleElement()
                .satisfies(task -> assertThat(task.request()).isEqualTo(invoice(1)));
    }

    @Test
    void waitForAnotherWriterAsLongAsTheBusyTimeout() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (Connection writer = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("architect.db"));
                Statement statement = writer.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            Future<List<TaskId>> submitted = other.submit(() -> store.submit(host, List.of(invoice(1))));
            assertThatThrownBy(() -> submitted.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            statement.execute("COMMIT");

            assertThat(submitted.get(60, TimeUnit.SECONDS)).hasSize(1);
            host.commit();
            assertThat(ids()).hasSize(1);
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void leaveNothingWhenTheHostRollsBack() throws SQLException {
        execute("INSERT INTO orders (id) VALUES (1)");
        store.submit(host, List.of(invoice(1), TaskRequest.prompt("p")));
        host.rollback();

        assertThat(ids()).isEmpty();
        assertThat(store.tasks().counts()).isEmpty();
        // The numbers of what was rolled back, of types as well, are given to others.
        store.tasks().submit(List.of(TaskRequest.of("report", "p"), invoice(2)));
        assertThat(store.tasks().list(TaskQuery.newest(10).withType("report"))).hasSize(1);
        assertThat(store.tasks().list(TaskQuery.newest(10).withType("invoice"))).hasSize(1);
        assertThat(store.tasks().list(TaskQuery.newest(10).withType(TaskRequest.PROMPT)))
                .isEmpty();
    }

    @Test
    void haveIdsOfTheirOwnBesideThoseOfTheStore() throws SQLException {
        Set<TaskId> all = new HashSet<>();
        int submitted = 0;
        for (int round = 0; round < 4; round++) {
            all.addAll(store.tasks().submit(List.of(TaskRequest.prompt("p"))));
            // More than a block of numbers.
            all.addAll(store.submit(host, Collections.nCopies(900, invoice(round))));
            host.commit();
            submitted += 901;
        }

        assertThat(all).hasSize(submitted);
        assertThat(store.tasks().counts()).isEqualTo(Map.of(TaskState.READY, (long) submitted));
    }

    @Test
    void needATransaction() throws SQLException {
        host.setAutoCommit(true);

        assertThatThrownBy(() -> store.submit(host, List.of(invoice(1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("connection is in auto-commit mode, expected a transaction");
        assertThat(ids()).isEmpty();
    }
}

package dev.architect.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.attempt.ClaimRequest;
import dev.architect.postgres.PostgresDatabase;
import dev.architect.project.ProjectId;
import dev.architect.submission.UniqueKeyTakenException;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.task.UniqueKey;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tasks that a host submits in a transaction of its own, beside tables of the same names in its own schema. */
@Timeout(120)
class PostgresHostTransactionTest extends DatabaseTestCase {

    private PostgresStore store;
    private Connection host;

    @BeforeEach
    void open() throws SQLException {
        store = opened(builder().schema("architect").open());
        database()
                .execute("CREATE SCHEMA shop; CREATE TABLE shop.orders (id int PRIMARY KEY);"
                        + " CREATE TABLE shop.task (id int); CREATE TABLE shop.lane (id int)");
        host = opened(database().connect());
        execute("SET search_path = shop, public");
        execute("CREATE TEMP TABLE task_body (id int)");
        host.setAutoCommit(false);
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = host.createStatement()) {
            statement.execute(sql);
        }
    }

    private String searchPath() throws SQLException {
        try (Statement statement = host.createStatement();
                ResultSet row = statement.executeQuery("SHOW search_path")) {
            row.next();
            return row.getString(1);
        }
    }

    private static TaskRequest invoice(int number) {
        return TaskRequest.of("invoice", "order " + number).withProject(new ProjectId("shop"));
    }

    private List<TaskId> ids() {
        return store.tasks().list(TaskQuery.newest(500)).stream().map(Task::id).toList();
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
    void getTheirPermitAfterTheCommit() throws SQLException {
        TaskOptions options = TaskOptions.DEFAULT.withLimitKey("order");
        // The first task of a type and of a project gives both their numbers, for which others do wait.
        store.tasks().submit(List.of(invoice(0)));
        List<TaskId> submitted = store.submit(
                host, List.of(invoice(1).withOptions(options), invoice(2).withOptions(options)));
        // No other submission waits for the host.
        TaskId other =
                store.tasks().submit(List.of(invoice(3).withOptions(options))).get(0);
        host.commit();
        store.tasks().cancel(other);

        store.tasks().promoteLimited(10);

        assertThat(submitted)
                .extracting(id -> store.tasks().find(id).orElseThrow().state())
                .containsExactly(TaskState.READY, TaskState.LIMITED);
    }

    @Test
    void existWhenTheHostHasCommitted() throws SQLException {
        execute("INSERT INTO orders (id) VALUES (1)");
        List<TaskId> submitted = store.submit(host, List.of(invoice(1)));
        assertThat(searchPath()).isEqualTo("shop, public");
        execute("INSERT INTO orders (id) VALUES (2)");
        assertThat(ids()).isEmpty();
        host.commit();

        assertThat(ids()).isEqualTo(submitted);
        assertThat(store.tasks().counts()).isEqualTo(Map.of(TaskState.READY, 1L));
        assertThat(database().count("SELECT count(*) FROM shop.orders")).isEqualTo(2);
        assertThat(searchPath()).isEqualTo("shop, public");
        long node = store.nodes().join("node");
        assertThat(store.tasks().claim(ClaimRequest.of(node, 5, Set.of("invoice"))))
                .singleElement()
                .satisfies(task -> assertThat(task.request()).isEqualTo(invoice(1)));
    }

    @Test
    void leaveNothingWhenTheHostRollsBack() throws SQLException {
        store.submit(host, List.of(invoice(1), TaskRequest.prompt("p")));
        host.rollback();

        assertThat(ids()).isEmpty();
        assertThat(store.tasks().counts()).isEmpty();
        assertThat(searchPath()).isEqualTo("shop, public");
        store.tasks().submit(List.of(TaskRequest.of("report", "p"), invoice(2)));
        assertThat(store.tasks().list(TaskQuery.newest(10).withType("report"))).hasSize(1);
        assertThat(store.tasks().list(TaskQuery.newest(10).withType("invoice"))).hasSize(1);
    }

    @Test
    void followASavepointOfTheHost() throws SQLException {
        Savepoint before = host.setSavepoint();
        store.submit(host, List.of(invoice(1)));
        host.rollback(before);
        List<TaskId> kept = store.submit(host, List.of(invoice(2)));
        host.commit();

        assertThat(ids()).isEqualTo(kept);
    }

    @Test
    void doNotKeepTheStoreWaiting() throws Exception {
        store.submit(host, List.of(invoice(1)));

        // The same new type and project, while the host's transaction is open.
        CompletableFuture<List<TaskId>> meanwhile =
                CompletableFuture.supplyAsync(() -> store.tasks().submit(List.of(TaskRequest.prompt("p"))));
        assertThat(meanwhile.get(60, TimeUnit.SECONDS)).hasSize(1);
        host.commit();
        assertThat(ids()).hasSize(2);
    }

    @Test
    void haveIdsOfTheirOwnBesideThoseOfTheStore() throws SQLException {
        Set<TaskId> all = new HashSet<>();
        int submitted = 0;
        for (int round = 0; round < 4; round++) {
            all.addAll(store.tasks().submit(List.of(TaskRequest.prompt("p"))));
            all.addAll(store.submit(host, Collections.nCopies(900, invoice(round))));
            host.commit();
            submitted += 901;
        }

        assertThat(all).hasSize(submitted);
        assertThat(store.tasks().counts()).isEqualTo(Map.of(TaskState.READY, (long) submitted));
    }

    @Test
    void needATransactionOfTheSameDatabase() throws SQLException {
        host.setAutoCommit(true);
        assertThatThrownBy(() -> store.submit(host, List.of(invoice(1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("connection is in auto-commit mode, expected a transaction");
        try (PostgresDatabase elsewhere = server().createDatabase();
                Connection wrong =
                        DriverManager.getConnection(elsewhere.jdbcUrl(), elsewhere.user(), elsewhere.password())) {
            wrong.setAutoCommit(false);
            assertThatThrownBy(() -> store.submit(wrong, List.of(invoice(1))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected " + database().name());
        }
        assertThat(ids()).isEmpty();
    }
}

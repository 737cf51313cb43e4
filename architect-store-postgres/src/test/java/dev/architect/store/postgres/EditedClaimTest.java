package dev.architect.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.postgres.PostgresDatabase;
import dev.architect.postgres.PostgresServer;
import dev.architect.postgres.PostgresServer.Version;
import dev.architect.task.TaskRequest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A claim that meets an edit. */
final class EditedClaimTest {

    @Test
    void aClaimThatWaitedForAnEditHasTheTaskAsItIsAfterwards() throws Exception {
        PostgresDatabase database = PostgresServer.shared(Version.V18).createDatabase();
        try (PostgresStore store = PostgresStore.builder(database.jdbcUrl())
                        .user(database.user())
                        .password(database.password())
                        .open();
                Connection edit =
                        DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password())) {
            long node = store.nodes().join("node-1");
            // It sees no other node, so its claims lock no rows.
            assertThat(store.nodes().beat(node)).isPresent();
            store.tasks().submit(List.of(TaskRequest.of("work", "old"), TaskRequest.of("work", "other")));
            edit.setAutoCommit(false);
            execute(edit, "UPDATE task SET flags = flags | 64 WHERE id = (SELECT min(id) FROM task)");
            execute(edit, "UPDATE task_body SET payload = 'new' WHERE payload = 'old'");

            CompletableFuture<List<ClaimedTask>> claim = new CompletableFuture<>();
            Thread claimer = new Thread(() -> {
                try {
                    claim.complete(store.tasks().claim(ClaimRequest.of(node, 5, Set.of("work"))));
                } catch (RuntimeException failure) {
                    claim.completeExceptionally(failure);
                }
            });
            claimer.start();
            awaitWaiting(database);
            edit.commit();

            assertThat(claim.get(60, TimeUnit.SECONDS))
                    .extracting(task -> task.request().payload())
                    .containsExactly("new", "other");
            claimer.join();
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isEqualTo(1);
        }
    }

    private static void awaitWaiting(PostgresDatabase database) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
                Statement statement = connection.createStatement()) {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (System.nanoTime() < end) {
                try (ResultSet waiting = statement.executeQuery(
                        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'WITH gate%'"
                                + " AND datname = current_database()")) {
                    if (waiting.next() && waiting.getInt(1) > 0) {
                        return;
                    }
                }
            }
        }
        throw new AssertionError("no claim waits for the edit, expected one");
    }
}

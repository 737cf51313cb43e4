package dev.architect.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.Architect;
import dev.architect.ArchitectBuilder;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.testkit.provider.ScriptedProvider;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the examples of {@code docs/how-to/run-tasks.md}. */
final class TaskExampleTest {

    @TempDir
    Path directory;

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("shop.db"));
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String value(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.getString(1);
        }
    }

    private static ArchitectBuilder builder(SqliteStore store) {
        return Architect.builder()
                .store(store)
                .provider(ScriptedProvider.named("claude"))
                .router(CostAwareRouter.with(RoutingPolicy.standard()));
    }

    private record CleanUpWorker() implements Worker {
        @Override
        public Set<String> types() {
            return Set.of("clean-up");
        }

        @Override
        public String perform(TaskContext context) {
            return "clean";
        }
    }

    @Test
    void schedulesAreMadeAndOperated() {
        SqliteStore store = SqliteStore.at(directory.resolve("shop.db"));
        try (Architect architect = builder(store).worker(new CleanUpWorker()).build()) {
            TaskExample.schedules(architect);

            assertThat(TaskExample.operateSchedules(architect)).hasSize(3);
        }
    }

    @Test
    void anOrderAndItsTaskAreCommittedTogether() throws Exception {
        SqliteStore store = SqliteStore.at(directory.resolve("shop.db"));
        try (Connection orders = connect();
                Connection invoices = connect();
                Architect architect =
                        builder(store).worker(TaskExample.invoices(invoices)).build()) {
            execute(orders, "PRAGMA busy_timeout = 30000");
            execute(invoices, "PRAGMA busy_timeout = 30000");
            execute(orders, "CREATE TABLE orders (id INTEGER PRIMARY KEY)");
            execute(orders, "CREATE TABLE invoice (task TEXT PRIMARY KEY, epoch INTEGER, order_id TEXT)");

            TaskHandle task = TaskExample.order(architect, store, orders, 7);

            assertThat(task.await(Duration.ofMinutes(1)).output()).contains("invoice of order 7");
            assertThat(value(invoices, "SELECT task || order_id FROM invoice")).isEqualTo(task.id() + "7");
            assertThatThrownBy(() -> TaskExample.order(architect, store, orders, 7))
                    .isInstanceOf(SQLException.class);
            orders.rollback();
            assertThat(architect.tasks().counts()).containsOnlyKeys(TaskState.DONE);
            assertThat(TaskExample.redrive(architect)).isZero();
        }
    }

    @Test
    void nothingIsInsertedOfTasksThatAreRefused() throws Exception {
        SqliteStore store = SqliteStore.at(directory.resolve("shop.db"));
        try (Connection invoices = connect();
                Architect architect =
                        builder(store).worker(TaskExample.invoices(invoices)).build()) {
            assertThatThrownBy(() -> architect
                            .tasks()
                            .submitWith(
                                    List.of(TaskRequest.of("invoice", "1"), TaskRequest.of("invoice", "one")),
                                    requests -> {
                                        throw new IllegalStateException("it was to be refused before");
                                    }))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("tasks[1]: payload is not the number of an order");
        }
    }

    @Test
    @Timeout(60)
    void fiveMinutesPassInAMoment() {
        TaskExample.manualTime();
    }
}

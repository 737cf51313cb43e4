package dev.architect.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.postgres.PostgresDatabase;
import dev.architect.postgres.PostgresServer;
import dev.architect.postgres.PostgresServer.Version;
import dev.architect.spi.TimeSource;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.store.jdbi.schema.Dialect;
import dev.architect.store.jdbi.schema.Migrator;
import dev.architect.store.jdbi.task.NewTask;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every hot statement finds its rows by an index, whatever the server believes to know about the tables. */
class PostgresPlanTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final int TASKS = 40_000;
    private static final int BATCH = 500;

    private Connection connection;

    private enum Statistics {
        NONE,
        OF_EMPTY_TABLES,
        OF_FULL_TABLES
    }

    /** Binds every parameter of a statement. */
    private interface Binder {
        void bind(PreparedStatement statement) throws SQLException;
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private void open(Version version, Statistics statistics) throws SQLException {
        PostgresDatabase database = PostgresServer.shared(version).createDatabase();
        connection = DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
        new Migrator(Dialect.POSTGRES, "test").migrate(connection, new PlainLock(), NOW);
        // Statistics come when the test says so.
        for (String table : List.of("task", "task_body", "task_attempt", "node")) {
            execute("ALTER TABLE " + table + " SET (autovacuum_enabled = false)");
        }
        if (statistics == Statistics.OF_EMPTY_TABLES) {
            execute("VACUUM ANALYZE");
        }
        execute("INSERT INTO node (incarnation, beat, lease_until, joined_at, state, name)"
                + " SELECT i, 0, 9000000000000000, 0, 0, 'n' FROM generate_series(1, 20) AS i");
        connection.setAutoCommit(false);
        WriteConnection sql = new WriteConnection(connection, new PostgresDialect());
        PostgresTaskStatements statements = new PostgresTaskStatements(TimeSource.system(), () -> true);
        List<NewTask> tasks = new ArrayList<>();
        for (int i = 1; i <= TASKS; i++) {
            TaskRequest request = TaskRequest.prompt("p").withDelay(Duration.ofSeconds(i % 5 == 0 ? 1 : 0));
            tasks.add(new NewTask(TaskId.of(i, 0, 1), request, 0, i % 3, i % 7));
        }
        statements.insert(sql, tasks, NOW);
        sql.closeStatements();
        connection.commit();
        connection.setAutoCommit(true);
        // Of each lane and state some; nothing of this is in any statistics yet.
        execute("UPDATE task SET state = 10, done_at = 1 WHERE state = 0 AND id % 11 < 4");
        execute(
                "UPDATE task SET state = 1, owner = 1 + id / 262144 % 20, epoch = 1, claimed_at = 0 WHERE state = 0 AND id % 11 = 5");
        if (statistics == Statistics.OF_FULL_TABLES) {
            execute("VACUUM ANALYZE");
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String plan(String sql, Binder binder) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (PreparedStatement explain = connection.prepareStatement("EXPLAIN (COSTS OFF) " + sql)) {
            binder.bind(explain);
            try (ResultSet row = explain.executeQuery()) {
                while (row.next()) {
                    lines.add(row.getString(1));
                }
            }
        }
        return String.join("\n", lines);
    }

    private static void assertNoScan(String plan, String... tables) {
        for (String table : tables) {
            assertThat(plan).as(plan).doesNotContain("Seq Scan on " + table + " ", "Seq Scan on " + table + "\n");
        }
    }

    private static long[] ids() {
        return LongStream.rangeClosed(1, BATCH)
                .map(number -> TaskId.of(number * 7, 0, 1).value())
                .toArray();
    }

    @ParameterizedTest
    @CsvSource({
        "V15,NONE",
        "V15,OF_EMPTY_TABLES",
        "V15,OF_FULL_TABLES",
        "V18,NONE",
        "V18,OF_EMPTY_TABLES",
        "V18,OF_FULL_TABLES"
    })
    void everyHotStatementUsesItsIndex(Version version, Statistics statistics) throws SQLException {
        open(version, statistics);

        for (String claim : List.of(
                PostgresTaskStatements.CLAIM,
                PostgresTaskStatements.CLAIM_WITH_SUSPECT,
                PostgresTaskStatements.CLAIM_ALONE,
                PostgresTaskStatements.CLAIM_WITH_SUSPECT_ALONE,
                PostgresTaskStatements.CLAIM_SHARED,
                PostgresTaskStatements.CLAIM_SHARED_WITH_SUSPECT,
                PostgresTaskStatements.CLAIM_NOT_WITHHELD,
                PostgresTaskStatements.CLAIM_WITH_SUSPECT_NOT_WITHHELD,
                PostgresTaskStatements.CLAIM_SHARED_NOT_WITHHELD,
                PostgresTaskStatements.CLAIM_SHARED_WITH_SUSPECT_NOT_WITHHELD)) {
            String plan = plan(
                    claim,
                    statement ->
                            bindClaim(statement, claim.contains("PARTITION BY share"), claim.contains("w.withheld")));
            assertNoScan(plan, "task", "task_body");
            assertThat(plan).containsPattern("Index (Only )?Scan using task_ready on task");
            // In the order of the index: sorted, a claim would read the whole lane.
            assertThat(plan.lines()
                            .filter(line -> line.contains("Sort Key: task"))
                            .toList())
                    .as(plan)
                    .isEmpty();
        }

        for (String finish : List.of(PostgresTaskStatements.FINISH, PostgresTaskStatements.FINISH_DONE)) {
            String plan = plan(finish, statement -> bindEnds(statement, finish.equals(PostgresTaskStatements.FINISH)));
            assertNoScan(plan, "task");
            // By the owner's index it would read every running task for each end.
            assertThat(plan).as(plan).contains("task_pkey").doesNotContain("task_running");
        }
    }

    private static void bindClaim(PreparedStatement statement, boolean isShared, boolean withholds)
            throws SQLException {
        statement.setLong(1, 0);
        statement.setObject(2, new int[] {0, 1, 2});
        statement.setObject(3, new int[] {BATCH, BATCH, BATCH});
        statement.setObject(4, new long[] {Long.MIN_VALUE, 0, 0});
        int next = 5;
        if (isShared) {
            statement.setObject(next++, new int[] {0, 0, 1});
            statement.setObject(next++, new int[] {BATCH, BATCH, BATCH});
        }
        if (withholds) {
            statement.setObject(next++, new long[] {0, 1, 2});
        }
        statement.setLong(next++, 1);
        if (withholds) {
            statement.setLong(next++, 1);
        }
        statement.setInt(next++, BATCH);
        statement.setLong(next++, 1);
        statement.setLong(next++, 1);
        statement.setLong(next, 1);
    }

    private void bindEnds(PreparedStatement statement, boolean isAny) throws SQLException {
        long[] longs = new long[BATCH];
        java.sql.Array texts = connection.createArrayOf("text", new String[BATCH]);
        statement.setObject(1, ids());
        statement.setObject(2, longs);
        statement.setArray(3, texts);
        statement.setObject(4, longs);
        statement.setObject(5, longs);
        statement.setArray(6, texts);
        statement.setArray(7, texts);
        statement.setObject(8, new int[BATCH]);
        int next = 9;
        if (isAny) {
            int[] ints = new int[BATCH];
            statement.setObject(9, ints);
            statement.setObject(10, longs);
            for (int i = 11; i <= 14; i++) {
                statement.setObject(i, ints);
            }
            statement.setArray(15, texts);
            next = 16;
        }
        for (int i = next; i < next + 3; i++) {
            statement.setLong(i, 1);
        }
        statement.setArray(next + 3, texts);
    }

    @ParameterizedTest
    @CsvSource({"V15,NONE", "V18,OF_EMPTY_TABLES"})
    void wouldFindAScan(Version version, Statistics statistics) throws SQLException {
        open(version, statistics);

        String plan = plan("SELECT id FROM task WHERE snoozes = 3", statement -> {});

        assertThatThrownBy(() -> assertNoScan(plan + "\n", "task")).isInstanceOf(AssertionError.class);
    }

    /** For a database that nobody else uses. */
    private static final class PlainLock implements Migrator.Lock {

        @Override
        public void begin(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute("BEGIN");
            }
        }

        @Override
        public Held acquire(Connection connection) {
            return () -> {};
        }
    }
}

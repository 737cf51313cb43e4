package dev.architect.store.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.project.ProjectId;
import dev.architect.task.ClaimRequest;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every hot statement finds its rows by an index, whatever the database believes to know about its tables. */
class TaskSqlPlanTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private Connection connection;

    @BeforeEach
    void open() throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        new Migrator(Dialect.SQLITE, "test.db").migrate(connection, new ImmediateLock(), NOW);
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private enum Statistics {
        NONE,
        OF_EMPTY_TABLES,
        OF_FULL_TABLES
    }

    private void prepare(Statistics statistics) throws SQLException {
        if (statistics == Statistics.OF_EMPTY_TABLES) {
            execute("ANALYZE");
        }
        execute("BEGIN");
        WriteConnection sql = new WriteConnection(connection);
        List<TaskRequest> requests = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            requests.add(TaskRequest.prompt("p")
                    .withProject(new ProjectId("project-" + i % 7))
                    .withDelay(Duration.ofSeconds(i % 3)));
        }
        TaskWrites.submit(sql, requests, NOW);
        execute("INSERT INTO node (incarnation, name, state, beat, joined_at) VALUES (1, 'n', 0, 0, 0)");
        TaskClaims.claim(sql, ClaimRequest.of(1, 500, Set.of(TaskRequest.PROMPT)), NOW);
        execute("UPDATE task SET state = 10, owner = NULL, done_at = 1 WHERE id % 4 = 0 AND state = 1");
        execute("COMMIT");
        if (statistics == Statistics.OF_FULL_TABLES) {
            execute("ANALYZE");
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String plan(String sql) throws SQLException {
        List<String> steps = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("EXPLAIN QUERY PLAN " + sql)) {
            while (row.next()) {
                steps.add(row.getString("detail"));
            }
        }
        return String.join("\n", steps);
    }

    /** A scan of a table without an index reads every row. */
    private String planWithoutScan(String sql) throws SQLException {
        String plan = plan(sql);
        assertThat(plan.lines().filter(step -> step.matches("SCAN [a-z_]+") && !step.equals("SCAN ranked")))
                .as(plan)
                .isEmpty();
        return plan;
    }

    @Test
    void wouldFindAScan() throws SQLException {
        prepare(Statistics.NONE);

        assertThatThrownBy(() -> planWithoutScan("SELECT id FROM task WHERE crashes = 2"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("SCAN task");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NONE", "OF_EMPTY_TABLES", "OF_FULL_TABLES"})
    void usesThePartialIndexes(String statistics) throws SQLException {
        prepare(Statistics.valueOf(statistics));

        assertThat(planWithoutScan(TaskSql.CLAIM))
                .contains("USING COVERING INDEX task_ready", "USING INTEGER PRIMARY KEY")
                .doesNotContain("TEMP B-TREE");
        assertThat(planWithoutScan(TaskSql.PROMOTE)).contains("USING COVERING INDEX task_scheduled (due_at<?)");
        assertThat(planWithoutScan(TaskSql.NEXT_DUE)).contains("USING COVERING INDEX task_scheduled");
        assertThat(planWithoutScan(TaskSql.REAP))
                .contains("USING COVERING INDEX task_running (owner=?)")
                .doesNotContain("TEMP B-TREE");
        assertThat(planWithoutScan(TaskSql.RUNNING_OF)).contains("INDEX task_running (owner=?)");
        assertThat(planWithoutScan(TaskSql.CANCEL_ASKED)).contains("INDEX task_running (owner=?)");
        assertThat(planWithoutScan(TaskSql.COUNTS))
                .contains("COVERING INDEX task_ready", "COVERING INDEX task_running")
                .contains("COVERING INDEX task_scheduled", "COVERING INDEX task_ended");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NONE", "OF_EMPTY_TABLES", "OF_FULL_TABLES"})
    void findsSingleTasksByTheirKey(String statistics) throws SQLException {
        prepare(Statistics.valueOf(statistics));

        for (String sql : List.of(
                TaskSql.FINISH,
                TaskSql.SELECT_BODY,
                TaskSql.CANCEL_WAITING,
                TaskSql.CANCEL_RUNNING,
                TaskSql.RESULT,
                TaskRow.SELECT + "WHERE t.id = ?")) {
            assertThat(planWithoutScan(sql))
                    .contains("USING INTEGER PRIMARY KEY (rowid=?)")
                    .doesNotContain("task_running", "task_ready", "task_ended");
        }
        assertThat(planWithoutScan(TaskSql.ATTEMPTS)).contains("USING PRIMARY KEY (task_id=?)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NONE", "OF_EMPTY_TABLES", "OF_FULL_TABLES"})
    void listsByTheIndexOfEachState(String statistics) throws SQLException {
        prepare(Statistics.valueOf(statistics));

        assertThat(planWithoutScan(TaskListSql.select(Set.of())))
                .contains("SEARCH t USING INTEGER PRIMARY KEY (rowid<?)");
        assertThat(planWithoutScan(TaskListSql.select(Set.of(TaskState.RUNNING, TaskState.SCHEDULED))))
                .contains("USING COVERING INDEX task_running", "USING COVERING INDEX task_scheduled");
        assertThat(planWithoutScan(TaskListSql.select(Set.of(TaskState.DONE, TaskState.DEAD, TaskState.CANCELLED))))
                .contains("USING COVERING INDEX task_ended (state=? AND id<?)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NONE", "OF_EMPTY_TABLES", "OF_FULL_TABLES"})
    void findsCallsByTheirTime(String statistics) throws SQLException {
        prepare(Statistics.valueOf(statistics));

        assertThat(planWithoutScan(LedgerSql.SPEND))
                .contains("INDEX ledger_started (started_at>? AND started_at<?)", "SEARCH a USING PRIMARY KEY");
        assertThat(planWithoutScan(LedgerSql.PERCENTILES))
                .contains("INDEX ledger_started (started_at>? AND started_at<?)");
        assertThat(planWithoutScan(LedgerSql.NEWEST))
                .contains("USING INDEX ledger_started")
                .doesNotContain("TEMP B-TREE");
        assertThat(planWithoutScan(LedgerSql.OF_TASK)).contains("INDEX ledger_task (task_id=?)");
    }
}

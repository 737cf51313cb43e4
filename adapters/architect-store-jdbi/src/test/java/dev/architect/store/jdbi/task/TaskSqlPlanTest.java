package dev.architect.store.jdbi.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.filter.NameFilter;
import dev.architect.filter.TimeRange;
import dev.architect.maintenance.TaskFilter;
import dev.architect.project.ProjectId;
import dev.architect.store.jdbi.SqlDialect;
import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.store.jdbi.lane.LaneGate;
import dev.architect.store.jdbi.page.TaskPageSql;
import dev.architect.store.jdbi.schema.Dialect;
import dev.architect.store.jdbi.schema.ImmediateLock;
import dev.architect.store.jdbi.schema.Migrator;
import dev.architect.task.TaskLanes;
import dev.architect.task.TaskQuery;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.jdbi.v3.core.Handle;
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
        WriteConnection sql = new WriteConnection(connection, SqlDialect.SQLITE);
        List<TaskRequest> requests = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            requests.add(TaskRequest.prompt("p")
                    .withProject(new ProjectId("project-" + i % 7))
                    .withDelay(Duration.ofSeconds(i % 3)));
        }
        NumberedNames lanes = NumberedNames.lanes(this::write, this::read);
        NumberedNames projects = NumberedNames.projects(this::write, this::read);
        long lane = lanes.give(sql, Set.of(TaskRequest.PROMPT)).get(TaskRequest.PROMPT);
        RowTaskStatements statements = new RowTaskStatements();
        statements.insert(
                sql,
                new TaskWrites.NewTasks(
                                requests,
                                0,
                                LongStream.rangeClosed(1, requests.size()).toArray(),
                                Map.of(TaskRequest.PROMPT, lane),
                                projects.give(
                                        sql,
                                        requests.stream()
                                                .map(request -> request.attribution()
                                                        .project()
                                                        .name())
                                                .toList()))
                        .all(),
                NOW);
        execute("INSERT INTO node (incarnation, name, state, beat, joined_at) VALUES (1, 'n', 0, 0, 0)");
        new TaskClaims(statements, lanes, projects, new LaneGate(this::read))
                .claim(
                        sql,
                        new ClaimLanes(
                                1,
                                500,
                                Map.of(lane, 500),
                                Map.of(lane, TaskRequest.PROMPT),
                                Map.of(lane, 0),
                                List.of(500),
                                0,
                                true),
                        NOW);
        execute("UPDATE task SET state = 10, owner = NULL, done_at = 1 WHERE id % 4 = 0 AND state = 1");
        execute("COMMIT");
        if (statistics == Statistics.OF_FULL_TABLES) {
            execute("ANALYZE");
        }
    }

    private <T> T write(TransactionalWrites.Body<T> body) {
        throw new UnsupportedOperationException("the names are given inside of the transaction");
    }

    private <T> T read(Function<Handle, T> query) {
        throw new UnsupportedOperationException("the names are read inside of the transaction");
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
        assertThat(plan.lines()
                        .filter(step -> step.matches("SCAN [a-z_]+")
                                && !step.equals("SCAN ranked")
                                && !step.equals("SCAN few")))
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
        assertThat(planWithoutScan(TaskSql.CLAIM_SUSPECT))
                .contains("USING COVERING INDEX task_suspect", "USING INTEGER PRIMARY KEY")
                .doesNotContain("TEMP B-TREE");
        assertThat(planWithoutScan(TaskSql.NEXT_OF_LANE)).contains("USING COVERING INDEX task_ready");
        assertThat(planWithoutScan(TaskSql.promote(SqlDialect.SQLITE)))
                .contains("USING COVERING INDEX task_scheduled (due_at<?)");
        assertThat(planWithoutScan(TaskSql.NEXT_DUE)).contains("USING COVERING INDEX task_scheduled");
        assertThat(planWithoutScan(TaskSql.reap(SqlDialect.SQLITE)))
                .contains("USING COVERING INDEX task_running (owner=?)")
                .doesNotContain("TEMP B-TREE");
        assertThat(planWithoutScan(TaskSql.RUNNING_OF)).contains("INDEX task_running (owner=?)");
        assertThat(planWithoutScan(TaskSql.CANCEL_ASKED)).contains("INDEX task_running (owner=?)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NONE", "OF_EMPTY_TABLES", "OF_FULL_TABLES"})
    void findsSingleTasksByTheirKey(String statistics) throws SQLException {
        prepare(Statistics.valueOf(statistics));

        for (String sql : List.of(
                TaskSql.finish(SqlDialect.SQLITE, 1),
                TaskSql.finish(SqlDialect.SQLITE, 64),
                TaskSql.BODIES + " id " + SqlDialect.SQLITE.isOneOf(4),
                TaskSql.CANCEL_WAITING,
                TaskSql.CANCEL_RUNNING,
                TaskSql.result(SqlDialect.SQLITE),
                TaskSql.finishHeld(SqlDialect.SQLITE, 4),
                TaskOperations.RUNNING,
                TaskOperations.FORCE_CANCEL,
                TaskOperations.hold(TaskState.READY),
                TaskOperations.RESUME,
                TaskOperations.redrive(TaskState.DEAD),
                TaskOperations.INPUT,
                TaskOperations.DELETE,
                TaskOperations.DELETE_PARTS.get(0),
                TaskRow.select(SqlDialect.SQLITE) + "WHERE t.id = ?")) {
            assertThat(planWithoutScan(sql))
                    .contains("USING INTEGER PRIMARY KEY (rowid=?)")
                    .doesNotContain("INDEX task_");
        }
        assertThat(planWithoutScan(TaskSql.ATTEMPTS)).contains("USING PRIMARY KEY (task_id=?)");
        assertThat(planWithoutScan(TaskOperations.DELETE_PARTS.get(2))).contains("USING PRIMARY KEY (task_id=?)");
        assertThat(planWithoutScan(TaskSql.FIND_KEY)).contains("USING PRIMARY KEY (project=? AND name=?)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NONE", "OF_EMPTY_TABLES", "OF_FULL_TABLES"})
    void walksOldTasksAndExpiredKeysByTheirTime(String statistics) throws SQLException {
        prepare(Statistics.valueOf(statistics));

        assertThat(planWithoutScan(TaskOperations.oldest(SqlDialect.SQLITE)))
                .contains("INDEX task_created (")
                .contains("created_at<?")
                .doesNotContain("TEMP B-TREE");
        assertThat(planWithoutScan(TaskOperations.DELETE_EXPIRED_KEYS))
                .contains("COVERING INDEX idempotency_key_expiry (expires_at<?)")
                .doesNotContain("TEMP B-TREE");
        assertThat(planWithoutScan(TaskOperations.HAS_EXPIRED_KEY))
                .contains("COVERING INDEX idempotency_key_expiry (expires_at<?)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NONE", "OF_EMPTY_TABLES", "OF_FULL_TABLES"})
    void findsIdsByTheIndexOfWhatIsAsked(String statistics) throws SQLException {
        prepare(Statistics.valueOf(statistics));
        TaskFilter dead = TaskFilter.of(TaskState.DEAD, TaskState.CANCELLED);
        TaskFilter done = TaskFilter.of(TaskState.DONE);

        assertThat(planWithoutScan(TaskPages.idsForPlan(dead, 1, 1, 1)))
                .contains("INDEX task_page (lane=? AND state=? AND id>?)");
        assertThat(planWithoutScan(TaskPages.idsForPlan(done.withProject(new ProjectId("project-1")), 1, 1, 1)))
                .contains("INDEX task_project_page (project=? AND lane=? AND state=? AND id>?)");
        assertThat(planWithoutScan(TaskPages.idsForPlan(dead, 1, 1, 300))).contains("INTEGER PRIMARY KEY (rowid>?)");
        assertThat(planWithoutScan(TaskPages.idsForPlan(
                        dead.withCreated(new TimeRange(Optional.of(NOW), Optional.of(NOW.plusSeconds(9)))), 1, 1, 1)))
                .contains("INDEX task_page (lane=? AND state=? AND id>?)")
                .doesNotContain("task_created");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NONE", "OF_EMPTY_TABLES", "OF_FULL_TABLES"})
    void listsByTheIndexOfWhatIsAsked(String statistics) throws SQLException {
        prepare(Statistics.valueOf(statistics));
        TaskQuery newest = TaskQuery.newest(50);
        ProjectId project = new ProjectId("project-1");

        assertThat(page(newest, 3_000)).contains("SEARCH task USING INTEGER PRIMARY KEY (rowid<?)");
        assertThat(page(newest.withStates(Set.of(TaskState.RUNNING)), 3_000)).contains("INDEX task_running");
        assertThat(page(newest.withStates(Set.of(TaskState.READY, TaskState.DONE, TaskState.DEAD)), 3_000))
                .contains("USING COVERING INDEX task_page (lane=? AND state=? AND id<?)");
        assertThat(page(newest.withType(TaskRequest.PROMPT), 3_000))
                .contains("USING COVERING INDEX task_page (lane=? AND state=? AND id<?)");
        assertThat(page(newest.withProject(project), 3_000))
                .contains("USING COVERING INDEX task_project_page (project=? AND lane=? AND state=? AND id<?)");
        assertThat(page(newest.withProject(project).withStates(Set.of(TaskState.DONE)), 3_000))
                .contains("USING COVERING INDEX task_project_page (project=? AND lane=? AND state=? AND id<?)");
        assertThat(page(newest.withOrder(TaskQuery.Order.OLDEST_FIRST), 3_000))
                .contains("SEARCH task USING INTEGER PRIMARY KEY (rowid>?)");
        assertThat(page(newest.withOrder(TaskQuery.Order.OLDEST_FIRST).withType(TaskRequest.PROMPT), 3_000))
                .contains("USING COVERING INDEX task_page (lane=? AND state=? AND id>?)");
        assertThat(page(newest.withLanes(TaskLanes.ofTypes(NameFilter.of("a", TaskRequest.PROMPT))), 3_000))
                .contains("USING COVERING INDEX task_page (lane=? AND state=? AND id<?)");
        assertThat(page(
                        newest.withOrder(TaskQuery.Order.OLDEST_FIRST)
                                .withCreatedFrom(NOW)
                                .withProject(project),
                        3_000))
                .contains("INDEX task_created (created_at>? AND created_at<?");
        assertThat(page(newest.withCreatedFrom(NOW).withProject(project), 3_000))
                .contains("INDEX task_created (created_at>? AND created_at<?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NONE", "OF_EMPTY_TABLES", "OF_FULL_TABLES"})
    void readsFewRowsOfARareStateInsteadOfAnIndexOfMany(String statistics) throws SQLException {
        prepare(Statistics.valueOf(statistics));
        TaskQuery dead = TaskQuery.newest(50).withStates(Set.of(TaskState.DEAD));

        assertThat(planOfPage(dead.withCreatedBefore(NOW), 20))
                .contains("COVERING INDEX task_page (lane=? AND state=?)")
                .doesNotContain("task_created");
    }

    /** A step of a walk reads its own rows alone: it begins at its place, and ends at its end. */
    @ParameterizedTest
    @ValueSource(strings = {"NONE", "OF_EMPTY_TABLES", "OF_FULL_TABLES"})
    void walksInStepsThatTheIndexBounds(String statistics) throws SQLException {
        prepare(Statistics.valueOf(statistics));
        for (TaskQuery.Order order : TaskQuery.Order.values()) {
            List<String> step = TaskPages.stepForPlan(
                    TaskQuery.newest(50).withOrder(order).withCreatedFrom(NOW).withProject(new ProjectId("project-1")),
                    1,
                    1,
                    3_000);

            assertThat(planWithoutScan(step.get(0)))
                    .contains("SEARCH task USING COVERING INDEX task_created (created_at>? AND created_at<?")
                    .doesNotContain("TEMP B-TREE");
            assertThat(planWithoutScan(step.get(1))).contains("INDEX task_created (created_at>? AND created_at<?");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"NONE", "OF_EMPTY_TABLES", "OF_FULL_TABLES"})
    void findsOutByTheIndexWhatAProjectHas(String statistics) throws SQLException {
        prepare(Statistics.valueOf(statistics));
        TaskQuery ofProject = TaskQuery.newest(50)
                .withCreatedFrom(NOW)
                .withProject(new ProjectId("project-1"))
                .withStates(Set.of(TaskState.READY, TaskState.DONE));

        assertThat(planWithoutScan(TaskPages.countForPlan(ofProject, 1, 1)))
                .contains("COVERING INDEX task_project_page (project=? AND lane=? AND state=?)")
                .doesNotContain("task_created");
        assertThat(plan("SELECT c.lane FROM task_count AS c WHERE c.n > 0"
                        + TaskPageSql.andOfProject(SqlDialect.SQLITE)))
                .contains("SEARCH p USING COVERING INDEX task_project_page (project=? AND lane=? AND state=?)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NONE", "OF_EMPTY_TABLES", "OF_FULL_TABLES"})
    void findsTheFirstTaskOfEachPartByTheIndex(String statistics) throws SQLException {
        prepare(Statistics.valueOf(statistics));
        TaskQuery newest = TaskQuery.newest(50).withType(TaskRequest.PROMPT);

        for (TaskQuery.Order order : TaskQuery.Order.values()) {
            assertThat(plan(TaskPages.headsForPlan(newest.withOrder(order), 1, 1)))
                    .contains("SEARCH t USING COVERING INDEX task_page (lane=? AND state=? AND id")
                    .doesNotContain("TEMP B-TREE");
            assertThat(plan(TaskPages.headsForPlan(
                            newest.withOrder(order).withProject(new ProjectId("project-1")), 1, 1)))
                    .contains(
                            "SEARCH t USING COVERING INDEX task_project_page (project=? AND lane=? AND state=? AND id")
                    .doesNotContain("TEMP B-TREE");
        }
    }

    private String planOfPage(TaskQuery query, long count) throws SQLException {
        return planWithoutScan(TaskPages.selectForPlan(query, 1, 1, count));
    }

    private String page(TaskQuery query, long count) throws SQLException {
        String plan = planOfPage(query, count);
        // Only the page itself is sorted, not all that match.
        if (query.createdFrom().isPresent()) {
            assertThat(plan.lines().filter("USE TEMP B-TREE FOR ORDER BY"::equals))
                    .as(plan)
                    .hasSize(1);
        }
        return plan;
    }
}

package dev.architect.store.jdbi.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.spend.SpendFilter;
import dev.architect.store.jdbi.SqlDialect;
import dev.architect.store.jdbi.schema.Dialect;
import dev.architect.store.jdbi.schema.ImmediateLock;
import dev.architect.store.jdbi.schema.Migrator;
import dev.architect.task.TaskId;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reports on calls find them by an index, whatever the database believes to know about its tables. */
class LedgerSqlPlanTest {

    private static String plan(Connection connection, String sql) throws SQLException {
        List<String> steps = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("EXPLAIN QUERY PLAN " + sql)) {
            while (row.next()) {
                steps.add(row.getString("detail"));
            }
        }
        // A scan of a table without an index reads every row; what was looked at is a query of its own.
        assertThat(steps).noneMatch(step -> step.matches("SCAN [a-z_]+") && !step.equals("SCAN looked"));
        return String.join("\n", steps);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void findsCallsByTheirTime(boolean hasStatistics) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:")) {
            new Migrator(Dialect.SQLITE, "test.db")
                    .migrate(connection, new ImmediateLock(), Instant.parse("2026-01-01T00:00:00Z"));
            if (hasStatistics) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("ANALYZE");
                }
            }

            assertThat(plan(connection, RollupSql.FACTS))
                    .contains(
                            "INDEX ledger_call (started_at>? AND started_at<?)",
                            "SEARCH a USING PRIMARY KEY",
                            "INDEX ledger_failover (request_id=?)");
            assertThat(plan(connection, RollupSql.FACTS_IN_ORDER))
                    .contains("INDEX ledger_call (started_at>? AND started_at<?)")
                    .doesNotContain("TEMP B-TREE");
            assertThat(plan(connection, RollupSql.PENDING))
                    .contains(
                            "SEARCH p USING PRIMARY KEY (started_at>? AND started_at<?)", "SEARCH a USING PRIMARY KEY");
            assertThat(plan(connection, RollupSql.OF_REQUEST)).contains("INDEX ledger_failover (request_id=?)");
            assertThat(plan(connection, RollupSql.CHUNK_END)).contains("INDEX ledger_call (started_at>?)");
            assertThat(plan(connection, RollupSql.sums("begins_at", true)))
                    .contains("PRIMARY KEY (grain=? AND dimension=? AND begins_at>? AND begins_at<?)");
            assertThat(plan(connection, RollupSql.sums("value", false)))
                    .contains("PRIMARY KEY (grain=? AND dimension=? AND begins_at>? AND begins_at<?)");
            assertThat(plan(connection, LedgerSql.NEWEST))
                    .contains("USING INDEX ledger_call")
                    .endsWith("USE TEMP B-TREE FOR LAST TERM OF ORDER BY");
            assertThat(plan(connection, LedgerSql.page(SqlDialect.SQLITE, true, "")))
                    .contains("INDEX ledger_call (started_at>? AND started_at<?)")
                    .doesNotContain("TEMP B-TREE");
            assertThat(plan(connection, LedgerSql.looked(SqlDialect.SQLITE, true)))
                    .contains("COVERING INDEX ledger_call (started_at>? AND started_at<?)")
                    .doesNotContain("TEMP B-TREE");
            assertThat(plan(connection, LedgerSql.lastBefore(SqlDialect.SQLITE)))
                    .contains("COVERING INDEX ledger_call (started_at<?)")
                    .doesNotContain("TEMP B-TREE");
            assertThat(plan(connection, RollupSql.FIRST_LATE))
                    .contains("PRIMARY KEY (started_at>? AND started_at<?)")
                    .doesNotContain("TEMP B-TREE");
            String ofTask = new CallCondition(SpendFilter.ALL.withTask(new TaskId(7))).sql();
            assertThat(plan(connection, RollupSql.FACTS + ofTask))
                    .contains("INDEX ledger_task (task_id=? AND started_at>? AND started_at<?)");
            assertThat(plan(connection, RollupSql.topTasks("")))
                    .containsAnyOf("INDEX ledger_call (started_at>? AND started_at<?)", "INDEX ledger_task");
            assertThat(plan(connection, LedgerSql.PURGE))
                    .contains("INDEX ledger_call (started_at=? AND call_id=?)", "SEARCH p USING PRIMARY KEY");
            assertThat(plan(connection, LedgerSql.call(SqlDialect.SQLITE)))
                    .isEqualTo("SEARCH l USING INDEX ledger_id (<expr>=?)\nCORRELATED SCALAR SUBQUERY 1\n"
                            + "SEARCH t USING INTEGER PRIMARY KEY (rowid=?)");
            assertThat(plan(connection, LedgerSql.ofRequest(SqlDialect.SQLITE)))
                    .contains("INDEX ledger_id (<expr>=?)", "INDEX ledger_request (request_id=?)");
            assertThat(plan(connection, LedgerSql.OF_TASK)).contains("INDEX ledger_task (task_id=?)");
        }
    }
}

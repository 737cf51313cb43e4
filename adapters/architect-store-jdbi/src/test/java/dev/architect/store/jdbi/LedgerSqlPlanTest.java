package dev.architect.store.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.store.jdbi.schema.Dialect;
import dev.architect.store.jdbi.schema.ImmediateLock;
import dev.architect.store.jdbi.schema.Migrator;
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
        // A scan of a table without an index reads every row; the ranked rows are those of the query itself.
        assertThat(steps).noneMatch(step -> step.matches("SCAN [a-z_]+") && !step.equals("SCAN ranked"));
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

            assertThat(plan(connection, LedgerSql.SPEND))
                    .contains("INDEX ledger_started (started_at>? AND started_at<?)", "SEARCH a USING PRIMARY KEY");
            assertThat(plan(connection, LedgerSql.PERCENTILES))
                    .contains("INDEX ledger_started (started_at>? AND started_at<?)");
            assertThat(plan(connection, LedgerSql.NEWEST))
                    .contains("USING INDEX ledger_started")
                    .doesNotContain("TEMP B-TREE");
            assertThat(plan(connection, LedgerSql.OF_TASK)).contains("INDEX ledger_task (task_id=?)");
        }
    }
}

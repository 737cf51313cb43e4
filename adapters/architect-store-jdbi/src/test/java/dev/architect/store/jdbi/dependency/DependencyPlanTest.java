package dev.architect.store.jdbi.dependency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.store.jdbi.SqlDialect;
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

/** Dependencies are found by an index, whatever the database believes to know about its tables. */
class DependencyPlanTest {

    private static String plan(Connection connection, String sql) throws SQLException {
        List<String> steps = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("EXPLAIN QUERY PLAN " + sql)) {
            while (row.next()) {
                steps.add(row.getString("detail"));
            }
        }
        // A scan reads every row of a table or of an index.
        assertThat(steps).noneMatch(step -> step.matches("SCAN (d|t|p|c|task|task_dep)\\b.*"));
        return String.join("\n", steps);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void findsThemByParentAndByChild(boolean hasStatistics) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:")) {
            new Migrator(Dialect.SQLITE, "test.db")
                    .migrate(connection, new ImmediateLock(), Instant.parse("2026-01-01T00:00:00Z"));
            if (hasStatistics) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("ANALYZE");
                }
            }
            SqlDialect dialect = SqlDialect.SQLITE;

            assertThat(plan(connection, EndedParents.openEdges(dialect, 2))).contains("(parent=?)", "(rowid=?)");
            assertThat(plan(connection, EndedParents.endedParents(dialect, 2))).contains("(child=?)", "(rowid=?)");
            assertThat(plan(connection, NewEdges.openParents(dialect, 2))).contains("task_dep_child (child=?)");
            assertThat(plan(connection, DependencyRows.PARENTS))
                    .contains("task_dep_child (child=?)")
                    .doesNotContain("TEMP B-TREE");
            assertThat(plan(connection, DependencyRows.CHILDREN))
                    .contains("(parent=? AND child>?)")
                    .doesNotContain("TEMP B-TREE");
            assertThat(plan(connection, DependencyRows.outcomes(dialect))).contains("task_dep_child (child=?)");
            assertThat(plan(connection, DependencyRows.cancelledBy(dialect, 2))).contains("(parent=?)");
            assertThat(plan(connection, DependencyRows.NEEDED)).contains("(parent=?)");
        }
    }
}

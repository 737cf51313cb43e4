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

/** An exchange finds the rows of its quotas by a key, whatever the database believes to know about its tables. */
class QuotaSqlPlanTest {

    private static String plan(Connection connection, String sql) throws SQLException {
        List<String> steps = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("EXPLAIN QUERY PLAN " + sql)) {
            while (row.next()) {
                steps.add(row.getString("detail"));
            }
        }
        return String.join("\n", steps);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void findsRowsByTheirKey(boolean hasStatistics) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:")) {
            new Migrator(Dialect.SQLITE, "test.db")
                    .migrate(connection, new ImmediateLock(), Instant.parse("2026-01-01T00:00:00Z"));
            if (hasStatistics) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("ANALYZE");
                }
            }

            assertThat(plan(connection, JdbiQuotaStore.USES)).contains("SEARCH quota_use USING PRIMARY KEY (quota=?)");
            assertThat(plan(connection, JdbiQuotaStore.SLICES))
                    .contains("SEARCH quota_slice USING PRIMARY KEY (quota=?)");
            assertThat(plan(connection, JdbiQuotaStore.SET_CLOCK))
                    .contains("SEARCH shared_quota USING INTEGER PRIMARY KEY");
            assertThat(plan(connection, JdbiQuotaStore.DELETE_USE))
                    .contains("SEARCH quota_use USING PRIMARY KEY (quota=? AND slot=?)");
            assertThat(plan(connection, JdbiQuotaStore.DELETE_SLICE))
                    .contains("SEARCH quota_slice USING PRIMARY KEY (quota=? AND holder=?)");
        }
    }
}

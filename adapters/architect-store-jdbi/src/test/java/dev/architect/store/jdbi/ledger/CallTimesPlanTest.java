package dev.architect.store.jdbi.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.store.jdbi.schema.Dialect;
import dev.architect.store.jdbi.schema.ImmediateLock;
import dev.architect.store.jdbi.schema.Migrator;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where a filter may have calls is found by look-ups of single sums. */
final class CallTimesPlanTest {

    @Test
    void findsSumsByTheirWholeKey() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
                Statement statement = connection.createStatement()) {
            new Migrator(Dialect.SQLITE, "test.db")
                    .migrate(connection, new ImmediateLock(), Instant.parse("2026-01-01T00:00:00Z"));
            StringBuilder plan = new StringBuilder();
            try (ResultSet row = statement.executeQuery("EXPLAIN QUERY PLAN " + RollupSql.firstWith(List.of(1, 3)))) {
                while (row.next()) {
                    plan.append(row.getString("detail")).append('\n');
                }
            }

            // Of each of both dimensions, for the first step and for those after it.
            assertThat(plan.toString()
                            .split("PRIMARY KEY \\(grain=\\? AND dimension=\\? AND begins_at=\\? AND value=\\?\\)", -1))
                    .hasSize(5);
        }
    }
}

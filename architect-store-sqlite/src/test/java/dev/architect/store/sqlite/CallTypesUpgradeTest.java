package dev.architect.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.cost.CallOrigin;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.spend.SpendFilter;
import dev.architect.spi.LedgerStore;
import dev.architect.store.jdbi.schema.Dialect;
import dev.architect.store.jdbi.schema.Migrator;
import java.math.BigInteger;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger that was written before calls had the type of their task, and its sums. */
class CallTypesUpgradeTest {

    private static final int STEPS = 30;
    private static final Instant AT = Instant.parse("2026-03-01T10:30:00Z");
    private static final long HOUR = 3_600_000_000L;
    private static final ReportPeriod.Between ALL =
            new ReportPeriod.Between(Instant.EPOCH, Instant.parse("9999-12-31T00:00:00Z"));

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("architect.db");
    }

    private static String row(String id, String user, Instant at) {
        return "INSERT INTO ledger (call_id, started_at, duration, task_id, epoch, project, user_id, complexity, position, provider,"
                + " model, prompt_tokens, completion_tokens, cost, baseline, catalogue) VALUES ('" + id + "', "
                + at.toEpochMilli() * 1_000 + ", 5000, NULL, 0, 'default', " + user
                + ", 'SIMPLE', 0, 'claude', 'small', 10, 5, 7, 9, 'v1')";
    }

    /** Two calls are in the sums, and two are not. */
    private void createEarlier() throws Exception {
        Dialect earlier = new Dialect("", Dialect.SQLITE.names().subList(0, STEPS), Dialect.SQLITE.substitutions());
        SqliteErrorReader failures = new SqliteErrorReader(file(), new StoreGuard());
        SqliteMigrationLock lock = new SqliteMigrationLock(
                () -> DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("db.migration.lock")),
                Duration.ofSeconds(10),
                failures);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement()) {
            new Migrator(earlier, "architect.db").migrate(connection, lock, AT);
            statement.execute(row("person", "'eve'", AT));
            statement.execute(row("agent", "'agent:ci'", AT.plusSeconds(1)));
            statement.execute(row("nobody", "NULL", AT.plus(Duration.ofHours(3))));
            statement.execute(row("later", "'agent:ci'", AT.plus(Duration.ofHours(4))));
            long hour = AT.truncatedTo(ChronoUnit.HOURS).toEpochMilli() * 1_000;
            for (long[] grain :
                    new long[][] {{0, hour}, {1, hour - hour % (24 * HOUR)}, {2, hour - hour % (32 * 24 * HOUR)}}) {
                for (String sums : List.of(
                        "0, %d, 'claude', 2, 2, 0, 0, 0, 20, 10, 0, 14, 0, 0, 0, 18, NULL",
                        "3, %d, 'eve', 1, 1, 0, 0, 0, 10, 5, 0, 7, 0, 0, 0, 9, NULL",
                        "3, %d, 'agent:ci', 1, 1, 0, 0, 0, 10, 5, 0, 7, 0, 0, 0, 9, NULL")) {
                    statement.execute(
                            "INSERT INTO ledger_sum VALUES (" + grain[0] + ", " + sums.formatted(grain[1]) + ")");
                }
            }
            statement.execute(
                    "UPDATE ledger_folded SET until = " + (hour + HOUR) + ", minutes_from = " + (hour + HOUR));
        }
    }

    private static long calls(LedgerStore ledger, SpendDimension dimension, String value) {
        return ledger.spendBy(dimension, ALL).stream()
                .filter(group -> group.group().equals(value))
                .mapToLong(group -> group.calls().all())
                .sum();
    }

    private static void assertReports(LedgerStore ledger, long typed) {
        assertThat(ledger.spendBy(SpendDimension.TASK_TYPE, ALL)).hasSize(typed == 0 ? 1 : 2);
        assertThat(calls(ledger, SpendDimension.TASK_TYPE, "")).isEqualTo(4);
        assertThat(calls(ledger, SpendDimension.TASK_TYPE, "review")).isEqualTo(typed);
        assertThat(ledger.spendBy(SpendDimension.KEY, ALL)).hasSize(2);
        assertThat(calls(ledger, SpendDimension.KEY, "")).isEqualTo(2);
        assertThat(calls(ledger, SpendDimension.KEY, "ci")).isEqualTo(2 + typed);
        assertThat(ledger.spendBy(SpendDimension.KEY, ALL).get(1).cost().exact().picoUsd())
                .isEqualTo(BigInteger.valueOf(14 + 7 * typed));
    }

    @Test
    void itsCallsHaveNoTypeAndItsSumsAreWhatTheyWere() throws Exception {
        createEarlier();

        try (SqliteStore store = SqliteStore.at(file())) {
            LedgerStore ledger = store.ledger();
            List<LedgerEntry> calls = ledger.page(SpendFilter.ALL, ALL, Optional.empty(), 10);
            assertThat(calls)
                    .hasSize(4)
                    .allSatisfy(call -> assertThat(call.origin().taskType()).isEmpty());
            assertThat(calls.get(1).origin().attribution().key()).contains("ci");
            assertReports(ledger, 0);

            LedgerEntry before = calls.get(3);
            LedgerEntry typed = new LedgerEntry(
                    "typed",
                    new CallOrigin("typed", Optional.empty(), 0, before.origin().attribution(), Optional.of("review")),
                    before.route(),
                    before.timing(),
                    before.outcome(),
                    before.failure(),
                    before.metering(),
                    before.charge(),
                    before.stopReason());
            ledger.record(List.of(typed));
            assertThat(ledger.call("typed")).contains(typed);
            assertReports(ledger, 1);
            while (ledger.rollUp(AT.plus(Duration.ofDays(1)))) {
                // Each call adds up some.
            }
            assertReports(ledger, 1);
        }
    }
}

package dev.architect.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.architect.cost.CallOutcome;
import dev.architect.cost.CostStatus;
import dev.architect.cost.GroupSpend;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.spend.SpendBucket;
import dev.architect.spend.SpendFilter;
import dev.architect.spend.SpendInterval;
import dev.architect.store.jdbi.schema.Dialect;
import dev.architect.store.jdbi.schema.Migrator;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
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

/** A ledger that was written before calls had a service tier and left out what is usual. */
class LedgerUpgradeTest {

    private static final int STEPS = 17;
    private static final Instant AT = Instant.parse("2026-03-01T10:30:00Z");
    private static final ReportPeriod.Between ALL =
            new ReportPeriod.Between(Instant.EPOCH, Instant.parse("9999-12-31T00:00:00Z"));
    private static final String COLUMNS = "call_id, request_id, epoch, project, complexity, position, provider, model,"
            + " answered_provider, answered_model, started_at, duration, outcome, failure, usage, usage_source,"
            + " prompt_tokens, completion_tokens, cost_status, cost, baseline_status, baseline, catalogue, stop_reason";

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("architect.db");
    }

    private static String row(String id, String request, int position, Instant at, String rest) {
        return "INSERT INTO ledger (" + COLUMNS + ") VALUES ('" + id + "', '" + request + "', 0, 'default', 'SIMPLE', "
                + position + ", 'claude', 'small', " + rest.replace("$at", String.valueOf(at.toEpochMilli() * 1_000))
                + ")";
    }

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
            statement.execute(row(
                    "plain",
                    "plain",
                    0,
                    AT,
                    "'claude', 'small', $at, 5000, 'ANSWERED', NULL, '{\"input\":10,\"output\":5}', 'REPORTED', 10, 5, 'PRICED',"
                            + " 7, 'PRICED', 9, 'v1', 'COMPLETE'"));
            statement.execute(row(
                    "failed",
                    "failed",
                    0,
                    AT.plusSeconds(1),
                    "'claude', 'small', $at, 5000, 'FAILED', 'TIMEOUT', '{}', 'REPORTED', 0, 0, 'NOT_BILLED', 0, 'NOT_BILLED',"
                            + " 0, 'v1', NULL"));
            statement.execute(row(
                    "other",
                    "failed",
                    1,
                    AT.plus(Duration.ofHours(3)),
                    "'openai', 'large', $at, 5000, 'ANSWERED', NULL, '{\"input\":10,\"output\":5,\"cache-read\":3}', 'ESTIMATED',"
                            + " 13, 5, 'ESTIMATED', 8, 'UNPRICED', NULL, 'v1', 'COMPLETE'"));
            // The first two are in the sums, as the provider's rows of hour, day and block have them.
            long hour = AT.truncatedTo(ChronoUnit.HOURS).toEpochMilli() * 1_000;
            for (long[] grain : new long[][] {
                {0, hour}, {1, hour - hour % 86_400_000_000L}, {2, hour - hour % (32 * 86_400_000_000L)}
            }) {
                statement.execute("INSERT INTO ledger_sum VALUES (" + grain[0] + ", 0, " + grain[1]
                        + ", 'claude', 1, 2, 1, 0, 0, 10, 5, 0, 7, 0, 0, 0, 9, NULL)");
            }
            statement.execute("UPDATE ledger_folded SET until = " + (hour + 3_600_000_000L));
        }
    }

    @Test
    void itsCallsAndSumsAreWhatTheyWere() throws Exception {
        createEarlier();

        try (SqliteStore store = SqliteStore.at(file())) {
            List<LedgerEntry> calls = store.ledger().page(SpendFilter.ALL, ALL, Optional.empty(), 10);

            assertThat(calls).extracting(LedgerEntry::callId).containsExactly("plain", "failed", "other");
            LedgerEntry plain = calls.get(0);
            assertThat(plain.origin().requestId()).isEqualTo("plain");
            assertThat(plain.route().answered()).isEqualTo(new ModelId("claude", "small"));
            assertThat(plain.route().serviceTier()).isEqualTo("standard");
            assertThat(plain.outcome()).isEqualTo(CallOutcome.ANSWERED);
            assertThat(plain.metering().usage()).isEqualTo(TokenUsage.of(10, 5));
            assertThat(plain.charge().cost().status()).isEqualTo(CostStatus.PRICED);
            assertThat(plain.stopReason()).contains(StopReason.COMPLETE);
            LedgerEntry failed = calls.get(1);
            assertThat(failed.failure()).contains(FailureKind.TIMEOUT);
            assertThat(failed.metering().usage()).isEqualTo(TokenUsage.UNKNOWN);
            LedgerEntry other = calls.get(2);
            assertThat(other.origin().requestId()).isEqualTo("failed");
            assertThat(other.route().answered()).isEqualTo(new ModelId("openai", "large"));
            assertThat(other.metering().source()).isEqualTo(UsageSource.ESTIMATED);
            assertThat(other.metering().usage().count(UsageBucket.CACHE_READ)).isEqualTo(3);

            assertReports(store);
            while (store.ledger().rollUp(AT.plus(Duration.ofDays(1)))) {
                // Each call adds up some.
            }
            assertReports(store);
        }
    }

    private static void assertReports(SqliteStore store) {
        for (SpendDimension dimension :
                List.of(SpendDimension.SERVICE_TIER, SpendDimension.REGION, SpendDimension.PROVIDER)) {
            assertThat(store.ledger().spendBy(dimension, ALL))
                    .as("by %s", dimension)
                    .singleElement()
                    .satisfies(group -> assertThat(group.group())
                            .isEqualTo(
                                    switch (dimension) {
                                        case SERVICE_TIER -> "standard";
                                        case PROVIDER -> "claude";
                                        default -> "";
                                    }))
                    .extracting(GroupSpend::calls)
                    .satisfies(counts -> {
                        assertThat(counts.all()).isEqualTo(3);
                        assertThat(counts.failovers()).isEqualTo(1);
                    });
        }
        assertThat(store.ledger().series(SpendInterval.MINUTE, SpendFilter.ALL, ALL))
                .extracting(
                        SpendBucket::begin, bucket -> bucket.totals().calls().all())
                .containsExactly(tuple(AT, 2L), tuple(AT.plus(Duration.ofHours(3)), 1L));
    }
}

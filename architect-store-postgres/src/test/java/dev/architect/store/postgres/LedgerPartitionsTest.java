package dev.architect.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.cost.CallCharge;
import dev.architect.cost.CallOrigin;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CallRoute;
import dev.architect.cost.CallTiming;
import dev.architect.cost.Cost;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Metering;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.project.Attribution;
import dev.architect.project.ProjectId;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Calls are in the partition of their month. */
class LedgerPartitionsTest extends DatabaseTestCase {

    private static LedgerEntry call(String id, Instant startedAt) {
        return new LedgerEntry(
                id,
                new CallOrigin("request", Optional.empty(), 0, Attribution.of(new ProjectId("apollo"))),
                new CallRoute(Complexity.SIMPLE, 0, ModelId.parse("claude/haiku"), ModelId.parse("claude/haiku")),
                new CallTiming(startedAt, Duration.ofMillis(5)),
                CallOutcome.ANSWERED,
                Optional.empty(),
                new Metering(TokenUsage.builder().build(), UsageSource.REPORTED),
                new CallCharge(Cost.UNPRICED, Optional.empty(), Cost.UNPRICED, "2026-11-22"),
                Optional.empty());
    }

    private List<String> column(String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection connection = database().connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                values.add(row.getString(1));
            }
        }
        return values;
    }

    @Test
    void monthsHavePartitionsAheadAndEveryCallIsFound() throws Exception {
        PostgresStore store = opened(builder().open());
        YearMonth present = YearMonth.now(ZoneOffset.UTC);
        List<String> wanted = List.of(
                LedgerPartitions.name(present),
                LedgerPartitions.name(present.plusMonths(1)),
                LedgerPartitions.name(present.plusMonths(LedgerPartitions.AHEAD)));
        String partitions =
                "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'ledger'::regclass ORDER BY 1";
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!column(partitions).containsAll(wanted) && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(column(partitions)).containsAll(wanted).contains("ledger_default");

        Instant now = present.atDay(15).atStartOfDay().toInstant(ZoneOffset.UTC);
        LedgerEntry old = call("old", Instant.parse("2020-02-29T23:59:59.999999Z"));
        LedgerEntry recent = call("recent", now);
        store.ledger().record(List.of(recent, old));
        store.ledger().record(List.of(recent));

        assertThat(store.ledger().newest(10)).containsExactly(recent, old);
        assertThat(column("SELECT call_id FROM " + LedgerPartitions.name(present)))
                .containsExactly("recent");
        assertThat(column("SELECT call_id FROM ledger_default")).containsExactly("old");
    }

    @Test
    void aCallIsFoundByItsIdInWhateverMonthItIs() throws Exception {
        PostgresStore store = opened(builder().open());
        Instant now = YearMonth.now(ZoneOffset.UTC).atDay(15).atStartOfDay().toInstant(ZoneOffset.UTC);
        List<LedgerEntry> calls = new ArrayList<>();
        for (int i = 0; i < 4_000; i++) {
            calls.add(call("call-" + i, i % 2 == 0 ? now.plusMillis(i) : Instant.EPOCH.plusMillis(i)));
        }
        store.ledger().record(calls);

        assertThat(store.ledger().call("call-6")).contains(calls.get(6));
        assertThat(store.ledger().call("call-7")).contains(calls.get(7));
        for (String statistics : List.of("", "ANALYZE ledger")) {
            if (!statistics.isEmpty()) {
                try (Connection connection = database().connect();
                        Statement statement = connection.createStatement()) {
                    statement.execute(statistics);
                }
            }
            String plan = String.join(
                    "\n",
                    column(
                            "EXPLAIN (COSTS OFF) SELECT * FROM ledger WHERE right(call_id, 5) = right('call-6', 5) AND call_id = 'call-6'"));
            assertThat(plan)
                    .contains("right_idx")
                    .doesNotContain(
                            "pkey",
                            "Seq Scan on ledger_default",
                            "Seq Scan on " + LedgerPartitions.name(YearMonth.now(ZoneOffset.UTC)));
        }
    }
}

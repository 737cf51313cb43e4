package dev.architect.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.cost.CallOrigin;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.spend.SpendFilter;
import dev.architect.spi.LedgerStore;
import dev.architect.store.jdbi.schema.Dialect;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A ledger that was written before calls had the type of their task, and types that several nodes record at once. */
@Timeout(180)
class CallTypesUpgradeTest extends DatabaseTestCase {

    private static final int PREVIOUS = 30;
    private static final Path STEPS =
            Path.of("../adapters/architect-store-jdbi/src/main/resources/dev/architect/store/jdbi/schema/postgres");
    private static final Instant AT = Instant.parse("2026-03-01T10:30:00Z");
    private static final long HOUR = 3_600_000_000L;
    private static final int NODES = 4;
    private static final int NEW_TYPES = 60;
    private static final ReportPeriod.Between ALL =
            new ReportPeriod.Between(Instant.EPOCH, Instant.parse("9999-12-31T00:00:00Z"));

    private static String row(String id, String user, Instant at) {
        return "INSERT INTO ledger (call_id, started_at, duration, task_id, epoch, project, user_id, complexity, position, provider,"
                + " model, prompt_tokens, completion_tokens, cost, baseline, catalogue) VALUES ('" + id + "', "
                + at.toEpochMilli() * 1_000 + ", 5000, NULL, 0, 'default', " + user
                + ", 'SIMPLE', 0, 'claude', 'small', 10, 5, 7, 9, 'v1')";
    }

    /** Makes the schema public that of the previous version: two calls are in the sums, whose zeros are NULL, and two are not. */
    private void createEarlier() throws IOException {
        builder().schema("newest").open().close();
        try (Stream<Path> files = Files.list(STEPS)) {
            for (Path file : files.sorted().limit(PREVIOUS).toList()) {
                String step = Files.readString(file);
                for (Map.Entry<String, String> each :
                        Dialect.POSTGRES.substitutions().entrySet()) {
                    step = step.replace("${" + each.getKey() + "}", each.getValue());
                }
                database().execute(step);
            }
        }
        database()
                .execute(
                        "CREATE TABLE architect_migration AS SELECT * FROM newest.architect_migration WHERE version <= "
                                + PREVIOUS
                                + "; ALTER TABLE architect_migration ADD PRIMARY KEY (version); CREATE TABLE architect_migration_lock"
                                + " (id integer PRIMARY KEY)");
        database().execute(row("person", "'eve'", AT));
        database().execute(row("agent", "'agent:ci'", AT.plusSeconds(1)));
        database().execute(row("nobody", "NULL", AT.plus(Duration.ofHours(3))));
        database().execute(row("later", "'agent:ci'", AT.plus(Duration.ofHours(4))));
        long hour = AT.truncatedTo(ChronoUnit.HOURS).toEpochMilli() * 1_000;
        for (long[] grain :
                new long[][] {{0, hour}, {1, hour - hour % (24 * HOUR)}, {2, hour - hour % (32 * 24 * HOUR)}}) {
            for (String sums : List.of(
                    "0, %d, 'claude', 2, 2, NULL, NULL, NULL, 20, 10, NULL, 14, NULL, NULL, NULL, 18, NULL",
                    "3, %d, 'eve', 1, 1, NULL, NULL, NULL, 10, 5, NULL, 7, NULL, NULL, NULL, 9, NULL",
                    "3, %d, 'agent:ci', 1, 1, NULL, NULL, NULL, 10, 5, NULL, 7, NULL, NULL, NULL, 9, NULL")) {
                database()
                        .execute("INSERT INTO ledger_sum VALUES (" + grain[0] + ", " + sums.formatted(grain[1]) + ")");
            }
        }
        database()
                .execute("UPDATE ledger_folded SET compact = 1, until = " + (hour + HOUR) + ", minutes_from = "
                        + (hour + HOUR));
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

    private static LedgerEntry typed(LedgerEntry like, String id, String type) {
        return new LedgerEntry(
                id,
                new CallOrigin(id, Optional.empty(), 0, like.origin().attribution(), Optional.of(type)),
                like.route(),
                like.timing(),
                like.outcome(),
                like.failure(),
                like.metering(),
                like.charge(),
                like.stopReason());
    }

    @Test
    void itsCallsHaveNoTypeAndItsSumsAreWhatTheyWere() throws Exception {
        createEarlier();

        LedgerStore ledger = opened(builder().open()).ledger();
        List<LedgerEntry> calls = ledger.page(SpendFilter.ALL, ALL, Optional.empty(), 10);
        assertThat(calls)
                .hasSize(4)
                .allSatisfy(call -> assertThat(call.origin().taskType()).isEmpty());
        assertThat(calls.get(1).origin().attribution().key()).contains("ci");
        assertReports(ledger, 0);

        LedgerEntry typed = typed(calls.get(3), "typed", "review");
        ledger.record(List.of(typed));
        assertThat(ledger.call("typed")).contains(typed);
        assertReports(ledger, 1);
        while (ledger.rollUp(AT.plus(Duration.ofDays(1)))) {
            // Each call adds up some.
        }
        assertReports(ledger, 1);
        assertThat(database().count("SELECT count(*) FROM ledger_sum WHERE failed_calls = 0"))
                .isZero();
    }

    @Test
    void nodesThatRecordTheSameNewTypesDoNotHoldEachOtherUp() throws Exception {
        createEarlier();
        List<LedgerStore> nodes = new ArrayList<>();
        for (int node = 0; node < NODES; node++) {
            nodes.add(opened(builder().open()).ledger());
        }
        LedgerEntry like = nodes.get(0).newest(1).get(0);
        List<List<LedgerEntry>> batches = new ArrayList<>();
        for (int node = 0; node < NODES; node++) {
            List<LedgerEntry> batch = new ArrayList<>();
            for (int type = 0; type < NEW_TYPES; type++) {
                batch.add(typed(like, "n" + node + "t" + type, "type-" + type));
            }
            Collections.shuffle(batch, new Random(node));
            batches.add(batch);
        }

        List<CompletableFuture<Void>> recorded = new ArrayList<>();
        for (int node = 0; node < NODES; node++) {
            LedgerStore ledger = nodes.get(node);
            List<LedgerEntry> batch = batches.get(node);
            recorded.add(CompletableFuture.runAsync(() -> {
                for (int from = 0; from < NEW_TYPES; from += 10) {
                    ledger.record(batch.subList(from, from + 10));
                }
            }));
        }
        recorded.forEach(CompletableFuture::join);

        assertThat(database().count("SELECT count(*) FROM ledger_type")).isEqualTo(NEW_TYPES);
        for (int type = 0; type < NEW_TYPES; type++) {
            assertThat(calls(nodes.get(0), SpendDimension.TASK_TYPE, "type-" + type))
                    .isEqualTo(NODES);
        }
        assertThat(nodes.get(1).page(SpendFilter.ALL, ALL, Optional.empty(), 1_000))
                .containsAll(batches.get(2));
    }
}

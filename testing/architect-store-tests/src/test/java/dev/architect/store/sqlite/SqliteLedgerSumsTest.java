package dev.architect.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.cost.CallCharge;
import dev.architect.cost.CallOrigin;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CallRoute;
import dev.architect.cost.CallTiming;
import dev.architect.cost.Cost;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Metering;
import dev.architect.cost.Money;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.project.Attribution;
import dev.architect.spend.SpendFilter;
import dev.architect.testkit.time.ManualTime;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much of the sums one transaction changes: calls that are recorded meanwhile wait for it. */
final class SqliteLedgerSumsTest {

    private static final int CALLS = 400;
    private static final Duration APART = Duration.ofMinutes(2);
    private static final ModelId MODEL = new ModelId("claude", "small");

    @TempDir
    Path directory;

    private final ManualTime time = new ManualTime();

    private Path file() {
        return directory.resolve("architect.db");
    }

    private LedgerEntry call(int number) {
        String id = String.valueOf(number);
        Cost cost = Cost.priced(new Money(1 + number));
        return new LedgerEntry(
                id,
                new CallOrigin(id, Optional.empty(), 0, Attribution.DEFAULT.withUser("user-" + number)),
                new CallRoute(Complexity.SIMPLE, 0, MODEL, MODEL),
                new CallTiming(ManualTime.START.plus(APART.multipliedBy(number)), Duration.ofMillis(100)),
                CallOutcome.ANSWERED,
                Optional.empty(),
                new Metering(TokenUsage.of(10, 5), UsageSource.REPORTED),
                new CallCharge(cost, Optional.empty(), cost, "2026-11-22"),
                Optional.of(StopReason.COMPLETE));
    }

    private int minutes() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM ledger_sum WHERE grain = 3")) {
            return row.next() ? row.getInt(1) : 0;
        }
    }

    private static int rollUp(SqliteStore store, Instant before) {
        int more = 0;
        while (store.ledger().rollUp(before)) {
            more++;
        }
        return more;
    }

    @Test
    void callsOfManyMinutesAreAddedUpAndTheirMinutesRemovedInSteps() throws Exception {
        Instant end = ManualTime.START.plus(APART.multipliedBy(CALLS));
        ReportPeriod.Between all = new ReportPeriod.Between(ManualTime.START, end);
        try (SqliteStore store = SqliteStore.builder(file()).time(time).open()) {
            store.ledger().record(IntStream.range(0, CALLS).mapToObj(this::call).toList());
            time.advance(APART.multipliedBy(CALLS));

            // Each call is alone in its minute, and in the hour and the day of its user.
            assertThat(rollUp(store, end)).isGreaterThan(2);
            assertThat(minutes()).isEqualTo(CALLS * SpendDimension.values().length);
            assertThat(spent(store, all)).isEqualTo((long) CALLS * (CALLS + 1) / 2);

            // Minutes are kept for two days; the next call moves that limit.
            int later = (int) (Duration.ofDays(4).toMinutes() / APART.toMinutes());
            time.advance(Duration.ofDays(4));
            store.ledger().record(List.of(call(later)));
            assertThat(rollUp(store, time.wallTime())).isGreaterThan(2);
            assertThat(minutes()).isEqualTo(SpendDimension.values().length);
            assertThat(spent(store, all)).isEqualTo((long) CALLS * (CALLS + 1) / 2);
        }
    }

    private static long spent(SqliteStore store, ReportPeriod.Between period) {
        return store.ledger().spendBy(SpendDimension.MODEL, SpendFilter.ALL, period).stream()
                .mapToLong(group -> group.cost().spent().picoUsd().longValueExact())
                .sum();
    }
}

package dev.architect.store.jdbi;

import dev.architect.cost.CallOutcome;
import dev.architect.cost.Cost;
import dev.architect.cost.CostStatus;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Money;
import dev.architect.cost.MoneyTotal;
import dev.architect.cost.ProviderSpend;
import dev.architect.model.Complexity;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.project.ProjectId;
import dev.architect.task.TaskId;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.math.BigInteger;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads and writes rows of the ledger. */
final class LedgerRow {

    private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);

    private LedgerRow() {}

    static void bind(PreparedStatement insert, LedgerEntry entry) throws SQLException {
        insert.setString(1, entry.callId());
        insert.setString(2, entry.requestId());
        NullableColumns.setLong(insert, 3, entry.task().map(TaskId::value).orElse(null));
        insert.setLong(4, entry.epoch());
        insert.setString(5, entry.project().name());
        insert.setString(6, entry.complexity().name());
        insert.setInt(7, entry.position());
        insert.setString(8, entry.askedModel().provider());
        insert.setString(9, entry.askedModel().model());
        insert.setString(10, entry.answeredModel().provider());
        insert.setString(11, entry.answeredModel().model());
        insert.setLong(12, Micros.of(entry.startedAt()));
        insert.setLong(13, Micros.of(entry.duration()));
        insert.setString(14, entry.outcome().name());
        insert.setString(15, entry.failure().map(FailureKind::name).orElse(null));
        insert.setString(16, entry.usage().encode());
        insert.setString(17, entry.usageSource().name());
        insert.setLong(18, entry.usage().promptTokens());
        insert.setLong(19, entry.usage().completionTokens());
        insert.setString(20, entry.cost().status().name());
        NullableColumns.setLong(insert, 21, pico(entry.cost().amountOrNull()));
        NullableColumns.setLong(insert, 22, pico(entry.computedOrNull()));
        insert.setString(23, entry.baseline().status().name());
        NullableColumns.setLong(insert, 24, pico(entry.baseline().amountOrNull()));
        insert.setString(25, entry.catalogueVersion());
    }

    static LedgerEntry entry(ResultSet row) throws SQLException {
        Long task = NullableColumns.longOrNull(row, "task_id");
        String failure = row.getString("failure");
        return new LedgerEntry(
                row.getString("call_id"),
                row.getString("request_id"),
                task == null ? null : new TaskId(task),
                row.getLong("epoch"),
                new ProjectId(row.getString("project")),
                Complexity.valueOf(row.getString("complexity")),
                row.getInt("position"),
                new ModelId(row.getString("provider"), row.getString("model")),
                new ModelId(row.getString("answered_provider"), row.getString("answered_model")),
                Micros.instant(row.getLong("started_at")),
                Micros.duration(row.getLong("duration")),
                CallOutcome.valueOf(row.getString("outcome")),
                failure == null ? null : FailureKind.valueOf(failure),
                TokenUsage.parse(row.getString("usage")),
                UsageSource.valueOf(row.getString("usage_source")),
                new Cost(CostStatus.valueOf(row.getString("cost_status")), money(row, "cost")),
                money(row, "computed"),
                new Cost(CostStatus.valueOf(row.getString("baseline_status")), money(row, "baseline")),
                row.getString("catalogue"));
    }

    /** Reads a line without its durations. */
    static ProviderSpend line(ResultSet row) throws SQLException {
        return new ProviderSpend(
                row.getString("provider"),
                row.getLong("calls"),
                row.getLong("failed_calls"),
                row.getLong("failovers"),
                row.getLong("requests"),
                row.getLong("input_tokens"),
                row.getLong("output_tokens"),
                total(row, "exact"),
                total(row, "estimated"),
                row.getLong("unpriced_calls"),
                total(row, "baseline"),
                Duration.ZERO,
                Duration.ZERO);
    }

    private static MoneyTotal total(ResultSet row, String name) throws SQLException {
        BigInteger millions = BigInteger.valueOf(row.getLong(name + "_millions"));
        return new MoneyTotal(millions.multiply(MILLION).add(BigInteger.valueOf(row.getLong(name + "_rest"))));
    }

    private static @Nullable Money money(ResultSet row, String column) throws SQLException {
        Long pico = NullableColumns.longOrNull(row, column);
        return pico == null ? null : new Money(pico);
    }

    private static @Nullable Long pico(@Nullable Money money) {
        return money == null ? null : money.picoUsd();
    }
}

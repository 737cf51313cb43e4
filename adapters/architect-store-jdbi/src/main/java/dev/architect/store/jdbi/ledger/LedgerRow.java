package dev.architect.store.jdbi.ledger;

import dev.architect.cost.CallCharge;
import dev.architect.cost.CallOrigin;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CallRoute;
import dev.architect.cost.CallTiming;
import dev.architect.cost.Cost;
import dev.architect.cost.CostStatus;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Metering;
import dev.architect.cost.Money;
import dev.architect.cost.Price;
import dev.architect.model.Complexity;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.store.jdbi.Columns;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.StoredText;
import dev.architect.task.TaskId;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and writes rows of the ledger. */
final class LedgerRow {

    private LedgerRow() {}

    static void bind(PreparedStatement insert, LedgerEntry entry) throws SQLException {
        insert.setString(1, entry.callId());
        insert.setString(2, entry.origin().requestId());
        Columns.setLong(insert, 3, entry.origin().task().map(TaskId::value).orElse(null));
        insert.setLong(4, entry.origin().epoch());
        insert.setString(5, entry.origin().attribution().project().name());
        Columns.bindAttribution(insert, 6, entry.origin().attribution());
        insert.setString(8, entry.route().complexity().name());
        insert.setInt(9, entry.route().position());
        insert.setString(10, entry.route().requested().provider());
        insert.setString(11, entry.route().requested().model());
        insert.setString(12, entry.route().answered().provider());
        insert.setString(13, entry.route().answered().model());
        insert.setLong(14, Micros.of(entry.timing().startedAt()));
        insert.setLong(15, Micros.of(entry.timing().duration()));
        // Enums are kept by name, because their order may change between versions.
        insert.setString(16, entry.outcome().name());
        insert.setString(17, entry.failure().map(FailureKind::name).orElse(null));
        insert.setString(18, entry.metering().usage().toJson());
        insert.setString(19, entry.metering().source().name());
        // Also inside the usage column; apart so that a report can add them up without reading JSON.
        insert.setLong(20, entry.metering().usage().promptTokens());
        insert.setLong(21, entry.metering().usage().completionTokens());
        insert.setString(22, entry.charge().cost().status().name());
        Columns.setLong(insert, 23, pico(entry.charge().cost().amount().orElse(null)));
        Columns.setLong(insert, 24, pico(entry.charge().computed().orElse(null)));
        insert.setString(25, entry.charge().baseline().status().name());
        Columns.setLong(insert, 26, pico(entry.charge().baseline().amount().orElse(null)));
        insert.setString(27, entry.charge().catalogueVersion());
        insert.setString(28, entry.stopReason().map(StopReason::name).orElse(null));
        // What is usual takes no place.
        insert.setString(29, text(entry.route().serviceTier(), Price.STANDARD));
        insert.setString(30, text(entry.route().region(), ""));
        insert.setString(31, StoredText.encode(entry.route().providerRequestId().orElse(null)));
    }

    static LedgerEntry entry(ResultSet row) throws SQLException {
        Long task = Columns.longOrNull(row, "task_id");
        String failure = row.getString("failure");
        return new LedgerEntry(
                row.getString("call_id"),
                new CallOrigin(
                        row.getString("request_id"),
                        Optional.ofNullable(task).map(TaskId::new),
                        row.getLong("epoch"),
                        Columns.attribution(row.getString("project"), row)),
                new CallRoute(
                        Complexity.valueOf(row.getString("complexity")),
                        row.getInt("position"),
                        new ModelId(row.getString("provider"), row.getString("model")),
                        new ModelId(row.getString("answered_provider"), row.getString("answered_model")),
                        text(row, "service_tier").orElse(Price.STANDARD),
                        text(row, "region").orElse(""),
                        text(row, "provider_request_id")),
                new CallTiming(Micros.instant(row.getLong("started_at")), Micros.duration(row.getLong("duration"))),
                CallOutcome.valueOf(row.getString("outcome")),
                Optional.ofNullable(failure).map(FailureKind::valueOf),
                new Metering(
                        TokenUsage.ofJson(row.getString("usage")), UsageSource.valueOf(row.getString("usage_source"))),
                new CallCharge(
                        new Cost(
                                CostStatus.valueOf(row.getString("cost_status")),
                                Optional.ofNullable(money(row, "cost"))),
                        Optional.ofNullable(money(row, "computed")),
                        new Cost(
                                CostStatus.valueOf(row.getString("baseline_status")),
                                Optional.ofNullable(money(row, "baseline"))),
                        row.getString("catalogue")),
                Columns.stopReason(row));
    }

    private static @Nullable String text(String value, String usual) {
        return value.equals(usual) ? null : StoredText.encode(value);
    }

    private static Optional<String> text(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(StoredText.decode(row.getString(column)));
    }

    private static @Nullable Money money(ResultSet row, String column) throws SQLException {
        Long pico = Columns.longOrNull(row, column);
        return pico == null ? null : new Money(pico);
    }

    private static @Nullable Long pico(@Nullable Money money) {
        return money == null ? null : money.picoUsd();
    }
}

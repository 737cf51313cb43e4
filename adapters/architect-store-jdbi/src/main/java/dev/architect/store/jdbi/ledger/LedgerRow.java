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
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and writes rows of the ledger. */
final class LedgerRow {

    private LedgerRow() {}

    /** Binds an entry; a compact row has NULL for what {@link #entry} takes for usual. */
    static void bind(PreparedStatement insert, LedgerEntry entry, boolean isCompact) throws SQLException {
        insert.setString(1, entry.callId());
        boolean isFound = entry.outcome() == CallOutcome.FAILED || entry.route().position() > 0;
        insert.setString(2, orNull(entry.origin().requestId(), entry.callId(), isCompact && !isFound));
        Columns.setLong(insert, 3, entry.origin().task().map(TaskId::value).orElse(null));
        insert.setLong(4, entry.origin().epoch());
        insert.setString(5, entry.origin().attribution().project().name());
        Columns.bindAttribution(insert, 6, entry.origin().attribution());
        insert.setString(8, entry.route().complexity().name());
        insert.setInt(9, entry.route().position());
        insert.setString(10, entry.route().requested().provider());
        insert.setString(11, entry.route().requested().model());
        ModelId requested = entry.route().requested();
        ModelId answered = entry.route().answered();
        insert.setString(12, orNull(answered.provider(), requested.provider(), isCompact));
        insert.setString(13, orNull(answered.model(), requested.model(), isCompact));
        insert.setLong(14, Micros.of(entry.timing().startedAt()));
        insert.setLong(15, Micros.of(entry.timing().duration()));
        // Enums are kept by name, because their order may change between versions.
        insert.setString(16, orNull(entry.outcome().name(), CallOutcome.ANSWERED.name(), isCompact));
        insert.setString(17, entry.failure().map(FailureKind::name).orElse(null));
        TokenUsage usage = entry.metering().usage();
        insert.setString(18, isCompact && isPlain(usage) ? null : usage.toJson());
        insert.setString(19, orNull(entry.metering().source().name(), UsageSource.REPORTED.name(), isCompact));
        // Also inside the usage column; apart so that a report can add them up without reading JSON.
        insert.setLong(20, usage.promptTokens());
        insert.setLong(21, usage.completionTokens());
        insert.setString(22, orNull(entry.charge().cost().status().name(), CostStatus.PRICED.name(), isCompact));
        Columns.setLong(insert, 23, pico(entry.charge().cost().amount().orElse(null)));
        Columns.setLong(insert, 24, pico(entry.charge().computed().orElse(null)));
        insert.setString(25, orNull(entry.charge().baseline().status().name(), CostStatus.PRICED.name(), isCompact));
        Columns.setLong(insert, 26, pico(entry.charge().baseline().amount().orElse(null)));
        insert.setString(27, entry.charge().catalogueVersion());
        insert.setString(28, entry.stopReason().map(StopReason::name).orElse(null));
        // What is usual takes no place.
        insert.setString(29, text(entry.route().serviceTier(), Price.STANDARD));
        insert.setString(30, text(entry.route().region(), ""));
        insert.setString(31, StoredText.encode(entry.route().providerRequestId().orElse(null)));
        insert.setString(32, StoredText.encode(entry.origin().taskType().orElse(null)));
    }

    static LedgerEntry entry(ResultSet row) throws SQLException {
        Long task = Columns.longOrNull(row, "task_id");
        String failure = row.getString("failure");
        String callId = row.getString("call_id");
        ModelId requested = new ModelId(row.getString("provider"), row.getString("model"));
        return new LedgerEntry(
                callId,
                new CallOrigin(
                        orElse(row.getString("request_id"), callId),
                        Optional.ofNullable(task).map(TaskId::new),
                        row.getLong("epoch"),
                        Columns.attribution(row.getString("project"), row),
                        text(row, "type_name")),
                new CallRoute(
                        Complexity.valueOf(row.getString("complexity")),
                        row.getInt("position"),
                        requested,
                        answered(row, requested),
                        text(row, "service_tier").orElse(Price.STANDARD),
                        text(row, "region").orElse(""),
                        text(row, "provider_request_id")),
                new CallTiming(Micros.instant(row.getLong("started_at")), Micros.duration(row.getLong("duration"))),
                CallOutcome.valueOf(orElse(row.getString("outcome"), CallOutcome.ANSWERED.name())),
                Optional.ofNullable(failure).map(FailureKind::valueOf),
                new Metering(
                        usage(row),
                        UsageSource.valueOf(orElse(row.getString("usage_source"), UsageSource.REPORTED.name()))),
                new CallCharge(
                        new Cost(
                                CostStatus.valueOf(orElse(row.getString("cost_status"), CostStatus.PRICED.name())),
                                Optional.ofNullable(money(row, "cost"))),
                        Optional.ofNullable(money(row, "computed")),
                        new Cost(
                                CostStatus.valueOf(orElse(row.getString("baseline_status"), CostStatus.PRICED.name())),
                                Optional.ofNullable(money(row, "baseline"))),
                        row.getString("catalogue")),
                Columns.stopReason(row));
    }

    /** Whether it is what the two sums of tokens say. */
    private static boolean isPlain(TokenUsage usage) {
        return usage.counts().size() == 2 && usage.isKnown(UsageBucket.INPUT) && usage.isKnown(UsageBucket.OUTPUT);
    }

    private static TokenUsage usage(ResultSet row) throws SQLException {
        String json = row.getString("usage");
        return json == null
                ? TokenUsage.of(row.getLong("prompt_tokens"), row.getLong("completion_tokens"))
                : TokenUsage.ofJson(json);
    }

    private static ModelId answered(ResultSet row, ModelId requested) throws SQLException {
        String provider = row.getString("answered_provider");
        String model = row.getString("answered_model");
        return provider == null && model == null
                ? requested
                : new ModelId(orElse(provider, requested.provider()), orElse(model, requested.model()));
    }

    private static @Nullable String orNull(String value, String usual, boolean isCompact) {
        return isCompact && value.equals(usual) ? null : value;
    }

    private static String orElse(@Nullable String value, String usual) {
        return value == null ? usual : value;
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

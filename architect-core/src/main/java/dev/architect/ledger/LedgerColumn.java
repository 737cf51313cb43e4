package dev.architect.ledger;

import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Money;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.json.RawJson;
import dev.architect.task.TaskId;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A column of an export. Names and their order are a promise: new columns come last.
 *
 * @param name the name, as in the REST API
 * @param value a text, a number or raw JSON of a call, null when there is none. Amounts of money are texts, so that no reader rounds them.
 */
record LedgerColumn(String name, Function<LedgerEntry, @Nullable Object> value) {

    private static final int MICROS_TO_MILLIS = 3;

    static final List<LedgerColumn> ALL = List.of(
            new LedgerColumn("callId", LedgerEntry::callId),
            new LedgerColumn("requestId", entry -> entry.origin().requestId()),
            new LedgerColumn(
                    "task", entry -> entry.origin().task().map(TaskId::toString).orElse(null)),
            new LedgerColumn("epoch", entry -> entry.origin().epoch()),
            new LedgerColumn(
                    "project", entry -> entry.origin().attribution().project().name()),
            new LedgerColumn(
                    "user", entry -> entry.origin().attribution().user().orElse(null)),
            new LedgerColumn(
                    "tags",
                    entry -> new RawJson(JsonText.write(
                            new TreeMap<>(entry.origin().attribution().tags())))),
            new LedgerColumn(
                    "complexity", entry -> JsonFields.wordOf(entry.route().complexity())),
            new LedgerColumn("position", entry -> entry.route().position()),
            new LedgerColumn("provider", entry -> entry.route().requested().provider()),
            new LedgerColumn("model", entry -> entry.route().requested().model()),
            new LedgerColumn(
                    "answeredProvider", entry -> entry.route().answered().provider()),
            new LedgerColumn("answeredModel", entry -> entry.route().answered().model()),
            new LedgerColumn("startedAt", entry -> entry.timing().startedAt().toString()),
            new LedgerColumn("durationMs", entry -> millis(entry.timing().duration())),
            new LedgerColumn("outcome", entry -> JsonFields.wordOf(entry.outcome())),
            new LedgerColumn("failure", entry -> word(entry.failure())),
            new LedgerColumn("stopReason", entry -> word(entry.stopReason())),
            new LedgerColumn("inputTokens", entry -> entry.metering().usage().promptTokens()),
            new LedgerColumn("outputTokens", entry -> entry.metering().usage().completionTokens()),
            new LedgerColumn(
                    "usage", entry -> new RawJson(entry.metering().usage().toJson())),
            new LedgerColumn(
                    "usageSource", entry -> JsonFields.wordOf(entry.metering().source())),
            new LedgerColumn(
                    "costStatus",
                    entry -> JsonFields.wordOf(entry.charge().cost().status())),
            new LedgerColumn("costUsd", entry -> usd(entry.charge().cost().amount())),
            new LedgerColumn("computedUsd", entry -> usd(entry.charge().computed())),
            new LedgerColumn(
                    "baselineStatus",
                    entry -> JsonFields.wordOf(entry.charge().baseline().status())),
            new LedgerColumn(
                    "baselineUsd", entry -> usd(entry.charge().baseline().amount())),
            new LedgerColumn("catalogueVersion", entry -> entry.charge().catalogueVersion()),
            new LedgerColumn("serviceTier", entry -> entry.route().serviceTier()),
            new LedgerColumn("region", entry -> text(entry.route().region())),
            new LedgerColumn(
                    "providerRequestId",
                    entry -> entry.route().providerRequestId().orElse(null)),
            new LedgerColumn("taskType", entry -> entry.origin().taskType().orElse(null)),
            new LedgerColumn("key", entry -> entry.origin().attribution().key().orElse(null)));

    private static @Nullable String text(String value) {
        return value.isEmpty() ? null : value;
    }

    private static @Nullable String word(Optional<? extends Enum<?>> constant) {
        return constant.map(JsonFields::wordOf).orElse(null);
    }

    private static @Nullable String usd(Optional<Money> amount) {
        return amount.map(money -> money.usd().stripTrailingZeros().toPlainString())
                .orElse(null);
    }

    private static BigDecimal millis(Duration duration) {
        // By the microsecond, which is what stores keep.
        BigDecimal millis =
                BigDecimal.valueOf(duration.toNanos() / 1_000, MICROS_TO_MILLIS).stripTrailingZeros();
        return millis.scale() < 0 ? millis.setScale(0) : millis;
    }
}

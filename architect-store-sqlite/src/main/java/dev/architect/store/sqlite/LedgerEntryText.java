package dev.architect.store.sqlite;

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
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.model.Complexity;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.project.Attribution;
import dev.architect.project.ProjectId;
import dev.architect.task.TaskId;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A ledger entry as one JSON object of texts. Fields that a later version adds are ignored. Stateless. */
final class LedgerEntryText {

    private LedgerEntryText() {}

    static String write(LedgerEntry entry) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("call", entry.callId());
        json.put("request", entry.origin().requestId());
        json.put("task", entry.origin().task().map(TaskId::toString).orElse(null));
        json.put("epoch", Long.toString(entry.origin().epoch()));
        json.put("project", entry.origin().attribution().project().name());
        json.put("user", entry.origin().attribution().user().orElse(null));
        json.put("tags", entry.origin().attribution().tags());
        json.put("complexity", entry.route().complexity().name());
        json.put("position", Integer.toString(entry.route().position()));
        json.put("requestedProvider", entry.route().requested().provider());
        json.put("requestedModel", entry.route().requested().model());
        json.put("answeredProvider", entry.route().answered().provider());
        json.put("answeredModel", entry.route().answered().model());
        json.put("startedAt", entry.timing().startedAt().toString());
        json.put("duration", entry.timing().duration().toString());
        json.put("outcome", entry.outcome().name());
        json.put("failure", entry.failure().map(Enum::name).orElse(null));
        json.put("usage", entry.metering().usage().toJson());
        json.put("source", entry.metering().source().name());
        put(json, "cost", entry.charge().cost());
        json.put(
                "computed", entry.charge().computed().map(LedgerEntryText::text).orElse(null));
        put(json, "baseline", entry.charge().baseline());
        json.put("catalogue", entry.charge().catalogueVersion());
        json.put("stopReason", entry.stopReason().map(Enum::name).orElse(null));
        json.put("serviceTier", entry.route().serviceTier());
        json.put("region", entry.route().region());
        json.put("providerRequestId", entry.route().providerRequestId().orElse(null));
        json.put("taskType", entry.origin().taskType().orElse(null));
        return JsonText.write(json);
    }

    /**
     * Reads an entry.
     *
     * @throws IllegalArgumentException when it is not what {@link #write} returns
     */
    static LedgerEntry read(String text) {
        JsonFields json = JsonFields.parse(text);
        return new LedgerEntry(
                required(json, "call"),
                new CallOrigin(
                        required(json, "request"),
                        json.text("task").map(TaskId::parse),
                        Long.parseLong(required(json, "epoch")),
                        new Attribution(
                                new ProjectId(required(json, "project")), json.text("user"), json.textsByName("tags")),
                        json.text("taskType")),
                new CallRoute(
                        Complexity.valueOf(required(json, "complexity")),
                        Integer.parseInt(required(json, "position")),
                        new ModelId(required(json, "requestedProvider"), required(json, "requestedModel")),
                        new ModelId(required(json, "answeredProvider"), required(json, "answeredModel")),
                        json.text("serviceTier").orElse(Price.STANDARD),
                        json.text("region").orElse(""),
                        json.text("providerRequestId")),
                new CallTiming(Instant.parse(required(json, "startedAt")), Duration.parse(required(json, "duration"))),
                CallOutcome.valueOf(required(json, "outcome")),
                json.text("failure").map(FailureKind::valueOf),
                new Metering(TokenUsage.ofJson(required(json, "usage")), UsageSource.valueOf(required(json, "source"))),
                new CallCharge(
                        cost(json, "cost"),
                        json.text("computed").map(LedgerEntryText::money),
                        cost(json, "baseline"),
                        required(json, "catalogue")),
                json.text("stopReason").map(StopReason::valueOf));
    }

    private static void put(Map<String, @Nullable Object> json, String name, Cost cost) {
        json.put(name + "Status", cost.status().name());
        json.put(name, cost.amount().map(LedgerEntryText::text).orElse(null));
    }

    private static Cost cost(JsonFields json, String name) {
        return new Cost(
                CostStatus.valueOf(required(json, name + "Status")),
                json.text(name).map(LedgerEntryText::money));
    }

    private static String text(Money amount) {
        return Long.toString(amount.picoUsd());
    }

    private static Money money(String picoUsd) {
        return new Money(Long.parseLong(picoUsd));
    }

    private static String required(JsonFields json, String name) {
        return json.text(name).orElseThrow(() -> new IllegalArgumentException(name + " is missing"));
    }
}

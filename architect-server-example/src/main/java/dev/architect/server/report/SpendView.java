package dev.architect.server.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cost.CallCounts;
import dev.architect.cost.CostTotals;
import dev.architect.cost.LatencyQuantiles;
import dev.architect.cost.MoneyTotal;
import dev.architect.cost.ProviderSpend;
import dev.architect.cost.Savings;
import dev.architect.cost.TokenTotals;
import dev.architect.route.ProviderStatus;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonResponseWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** The spend of a period as JSON: in total, and by provider. Amounts are exact dollars. */
public final class SpendView {

    private SpendView() {}

    /** Returns the summary. Providers without calls have a row of zeros; a provider that is gone has no breaker. */
    public static ObjectNode summary(String period, List<ProviderSpend> lines, List<ProviderStatus> providers) {
        ObjectNode json = savings(period, Savings.of(lines))
                .put("calls", sum(lines, spend -> spend.calls().all()))
                .put("failedCalls", sum(lines, spend -> spend.calls().failed()))
                .put("failovers", sum(lines, spend -> spend.calls().failovers()))
                .put("requests", sum(lines, ProviderSpend::requests))
                .put("inputTokens", sum(lines, spend -> spend.tokens().input()))
                .put("outputTokens", sum(lines, spend -> spend.tokens().output()));
        json.set("byProvider", byProvider(lines, providers));
        return json;
    }

    /** Returns what a period cost, and the same requests on the baseline model. */
    static ObjectNode savings(String period, Savings savings) {
        ObjectNode json = JsonResponseWriter.object().put("period", period);
        JsonResponseWriter.putUsd(json, "costUsd", savings.spent());
        JsonResponseWriter.putUsd(json, "baselineUsd", savings.baseline());
        JsonResponseWriter.putUsd(
                json,
                "savedUsd",
                new MoneyTotal(
                        savings.baseline().picoUsd().subtract(savings.spent().picoUsd())));
        json.put(
                "savingsPercent",
                savings.percent().map(JsonResponseWriter::plain).orElse(null));
        JsonResponseWriter.putUsd(json, "exactUsd", savings.cost().exact());
        JsonResponseWriter.putUsd(json, "estimatedUsd", savings.cost().estimated());
        return json.put("unpricedCalls", savings.unpricedCalls());
    }

    private static ArrayNode byProvider(List<ProviderSpend> lines, List<ProviderStatus> providers) {
        Map<String, ProviderSpend> lineOf =
                lines.stream().collect(Collectors.toMap(ProviderSpend::provider, Function.identity()));
        Map<String, ProviderStatus> statusOf = new TreeMap<>();
        providers.forEach(provider -> statusOf.put(provider.name(), provider));
        TreeSet<String> names = new TreeSet<>(statusOf.keySet());
        names.addAll(lineOf.keySet());
        ArrayNode json = JsonResponseWriter.array();
        for (String name : names) {
            ObjectNode row = row(lineOf.getOrDefault(name, none(name)));
            ProviderStatus status = statusOf.get(name);
            row.put("breaker", status == null ? null : EnumWords.of(status.breaker()));
            row.put("inFlight", status == null ? 0 : status.inFlight());
            json.add(row);
        }
        return json;
    }

    private static ObjectNode row(ProviderSpend line) {
        ObjectNode json = JsonResponseWriter.object()
                .put("provider", line.provider())
                .put("calls", line.calls().all())
                .put("failedCalls", line.calls().failed())
                .put("failovers", line.calls().failovers())
                .put("requests", line.requests())
                .put("inputTokens", line.tokens().input())
                .put("outputTokens", line.tokens().output());
        JsonResponseWriter.putUsd(json, "costUsd", line.cost().spent());
        JsonResponseWriter.putUsd(json, "exactUsd", line.cost().exact());
        JsonResponseWriter.putUsd(json, "estimatedUsd", line.cost().estimated());
        JsonResponseWriter.putUsd(json, "baselineUsd", line.cost().baseline());
        json.put("unpricedCalls", line.calls().unpriced());
        JsonResponseWriter.putMillis(json, "p50Ms", line.latency().p50());
        JsonResponseWriter.putMillis(json, "p95Ms", line.latency().p95());
        return json;
    }

    private static ProviderSpend none(String provider) {
        return new ProviderSpend(
                provider,
                0,
                new CallCounts(0, 0, 0, 0),
                new TokenTotals(0, 0),
                CostTotals.ZERO,
                new LatencyQuantiles(Duration.ZERO, Duration.ZERO));
    }

    private static long sum(List<ProviderSpend> lines, ToLongFunction<ProviderSpend> count) {
        return lines.stream().mapToLong(count).sum();
    }
}

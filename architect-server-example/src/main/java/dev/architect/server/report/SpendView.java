package dev.architect.server.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cost.MoneyTotal;
import dev.architect.cost.ProviderSpend;
import dev.architect.cost.Savings;
import dev.architect.route.ProviderStatus;
import dev.architect.server.rest.JsonResponseWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** What a period cost as JSON: the whole, and each provider. Amounts are exact dollars. */
public final class SpendView {

    private SpendView() {}

    /** Returns the summary. Providers without calls have a row of zeros; a provider that is gone has no breaker. */
    public static ObjectNode summary(String period, List<ProviderSpend> lines, List<ProviderStatus> providers) {
        Savings savings = Savings.of(lines);
        ObjectNode json = JsonResponseWriter.object().put("period", period);
        JsonResponseWriter.putUsd(json, "costUsd", savings.cost());
        JsonResponseWriter.putUsd(json, "baselineUsd", savings.baseline());
        JsonResponseWriter.putUsd(
                json,
                "savedUsd",
                new MoneyTotal(
                        savings.baseline().picoUsd().subtract(savings.cost().picoUsd())));
        json.put(
                "savingsPercent",
                savings.percent().map(JsonResponseWriter::plain).orElse(null));
        JsonResponseWriter.putUsd(json, "exactUsd", savings.exact());
        JsonResponseWriter.putUsd(json, "estimatedUsd", savings.estimated());
        json.put("unpricedCalls", savings.unpricedCalls())
                .put("calls", sum(lines, ProviderSpend::calls))
                .put("failedCalls", sum(lines, ProviderSpend::failedCalls))
                .put("failovers", sum(lines, ProviderSpend::failovers))
                .put("requests", sum(lines, ProviderSpend::requests))
                .put("inputTokens", sum(lines, ProviderSpend::inputTokens))
                .put("outputTokens", sum(lines, ProviderSpend::outputTokens));
        json.set("byProvider", byProvider(lines, providers));
        return json;
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
            row.put("breaker", status == null ? null : JsonResponseWriter.word(status.breaker()));
            row.put("inFlight", status == null ? 0 : status.inFlight());
            json.add(row);
        }
        return json;
    }

    private static ObjectNode row(ProviderSpend line) {
        ObjectNode json = JsonResponseWriter.object()
                .put("provider", line.provider())
                .put("calls", line.calls())
                .put("failedCalls", line.failedCalls())
                .put("failovers", line.failovers())
                .put("requests", line.requests())
                .put("inputTokens", line.inputTokens())
                .put("outputTokens", line.outputTokens());
        JsonResponseWriter.putUsd(json, "costUsd", line.total());
        JsonResponseWriter.putUsd(json, "exactUsd", line.exact());
        JsonResponseWriter.putUsd(json, "estimatedUsd", line.estimated());
        JsonResponseWriter.putUsd(json, "baselineUsd", line.baseline());
        json.put("unpricedCalls", line.unpricedCalls());
        JsonResponseWriter.putMillis(json, "p50Ms", line.p50());
        JsonResponseWriter.putMillis(json, "p95Ms", line.p95());
        return json;
    }

    private static ProviderSpend none(String provider) {
        MoneyTotal zero = MoneyTotal.ZERO;
        return new ProviderSpend(provider, 0, 0, 0, 0, 0, 0, zero, zero, 0, zero, Duration.ZERO, Duration.ZERO);
    }

    private static long sum(List<ProviderSpend> lines, ToLongFunction<ProviderSpend> count) {
        return lines.stream().mapToLong(count).sum();
    }
}

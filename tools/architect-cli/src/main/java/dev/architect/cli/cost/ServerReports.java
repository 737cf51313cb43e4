package dev.architect.cli.cost;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cli.launch.ServerClient;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cost.CallCounts;
import dev.architect.cost.CostTotals;
import dev.architect.cost.MoneyTotal;
import dev.architect.cost.TokenTotals;
import dev.architect.spend.InvoiceItem;
import dev.architect.spend.InvoiceReport;
import dev.architect.spend.InvoiceTotals;
import dev.architect.spend.RatedCalls;
import dev.architect.spend.RatedMoney;
import dev.architect.spend.RatedReport;
import dev.architect.spend.RatedSpend;
import dev.architect.spend.SpendBucket;
import dev.architect.spend.SpendCell;
import dev.architect.spend.SpendTotals;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reports on costs that a running server gives, as the values that the ledger of a store gives. */
final class ServerReports {

    static final String RATING = "/api/prices/rerate";
    static final String RECONCILIATIONS = "/api/reconciliations";

    /** A report may read each call of a year. */
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private static final int PICO_DIGITS = 12;

    private final ServerClient client;

    ServerReports(ServerClient client) {
        this.client = client;
    }

    JsonNode get(String path, Map<String, String> parameters) {
        return client.get(path + query(parameters), TIMEOUT);
    }

    JsonNode post(String path, Map<String, String> parameters, ObjectNode body) {
        return client.post(path + query(parameters), body, TIMEOUT);
    }

    /** An id as a part of a path. */
    static String segment(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8);
    }

    private static String query(Map<String, String> parameters) {
        return parameters.isEmpty()
                ? ""
                : parameters.entrySet().stream()
                        .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&", "?", ""));
    }

    CostBreakdownCommand.Rows breakdown(List<String> by, int limit, Map<String, String> parameters) {
        Map<String, String> all = new TreeMap<>(parameters);
        all.put("by", String.join(",", by));
        all.put("limit", Integer.toString(limit));
        JsonNode answer = get("/api/costs/breakdown", all);
        return read(
                answer,
                json -> new CostBreakdownCommand.Rows(
                        list(json.get("items"), item -> cell(by, item)),
                        json.get("omitted").longValue(),
                        totals(json.get("total"))));
    }

    List<SpendBucket> series(String step, Map<String, String> parameters) {
        Map<String, String> all = new TreeMap<>(parameters);
        all.put("step", step);
        return read(
                get("/api/costs/series", all),
                json -> list(
                        json.get("buckets"),
                        bucket -> new SpendBucket(
                                Instant.parse(bucket.get("begin").textValue()), totals(bucket))));
    }

    /** Reads the report of a rating; its groups are in the order of the answer. */
    static RatedReport rated(JsonNode answer) {
        return read(answer, json -> {
            SortedMap<String, Long> unpriced = new TreeMap<>();
            json.get("unpricedModels")
                    .properties()
                    .forEach(model ->
                            unpriced.put(model.getKey(), model.getValue().longValue()));
            return new RatedReport(
                    json.get("catalogueVersion").textValue(),
                    ratedSpend("", json.get("total")),
                    list(
                            json.get("groups"),
                            group -> ratedSpend(group.get("group").textValue(), group)),
                    unpriced);
        });
    }

    /** Reads how an invoice agreed; without its items where the answer has none. */
    static InvoiceReport invoice(JsonNode answer) {
        return read(
                answer,
                json -> new InvoiceReport(
                        invoiceTotals(json.get("matched")),
                        invoiceTotals(json.get("different")),
                        invoiceTotals(json.get("onlyInvoiced")),
                        invoiceTotals(json.get("onlyRecorded")),
                        invoiceTotals(json.get("unidentified")),
                        json.get("unpricedCalls").longValue(),
                        json.has("items")
                                ? list(
                                        json.get("items"),
                                        item -> new InvoiceItem(
                                                item.get("item").textValue(),
                                                item.get("lines").longValue(),
                                                money(item, "invoicedUsd"),
                                                item.get("calls").longValue(),
                                                money(item, "recordedUsd")))
                                : List.of()));
    }

    private static SpendCell cell(List<String> by, JsonNode item) {
        return new SpendCell(
                by.stream()
                        .map(axis -> item.get("values").get(axis).textValue())
                        .toList(),
                totals(item));
    }

    private static SpendTotals totals(JsonNode json) {
        return new SpendTotals(
                json.get("requests").longValue(),
                new CallCounts(
                        json.get("calls").longValue(),
                        json.get("failedCalls").longValue(),
                        json.get("failovers").longValue(),
                        json.get("unpricedCalls").longValue()),
                new TokenTotals(
                        json.get("inputTokens").longValue(),
                        json.get("outputTokens").longValue()),
                new CostTotals(money(json, "exactUsd"), money(json, "estimatedUsd"), money(json, "baselineUsd")));
    }

    private static RatedSpend ratedSpend(String group, JsonNode json) {
        return new RatedSpend(
                group,
                new RatedCalls(
                        json.get("calls").longValue(),
                        json.get("changedCalls").longValue(),
                        json.get("newlyPricedCalls").longValue(),
                        json.get("newlyUnpricedCalls").longValue(),
                        json.get("unpricedCalls").longValue()),
                new RatedMoney(
                        money(json, "recordedUsd"),
                        money(json, "ratedUsd"),
                        money(json, "estimatedUsd"),
                        money(json, "gainedUsd"),
                        money(json, "lostUsd")));
    }

    private static InvoiceTotals invoiceTotals(JsonNode json) {
        return new InvoiceTotals(
                json.get("items").longValue(),
                json.get("calls").longValue(),
                money(json, "invoicedUsd"),
                money(json, "recordedUsd"));
    }

    private static MoneyTotal money(JsonNode json, String name) {
        return new MoneyTotal(
                json.get(name).decimalValue().movePointRight(PICO_DIGITS).toBigIntegerExact());
    }

    private static <T> List<T> list(JsonNode array, Function<JsonNode, T> reader) {
        List<T> all = new ArrayList<>();
        array.forEach(each -> all.add(reader.apply(each)));
        return all;
    }

    /** A server of another version may answer otherwise. */
    private static <T> T read(JsonNode answer, Function<JsonNode, T> reader) {
        try {
            return reader.apply(answer);
        } catch (NullPointerException | ArithmeticException | IllegalArgumentException other) {
            throw new CommandFailure("the server has answered something else, expected one of this version", other);
        }
    }
}

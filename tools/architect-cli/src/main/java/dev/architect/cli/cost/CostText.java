package dev.architect.cli.cost;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cli.terminal.TextTable;
import dev.architect.cost.MoneyTotal;
import dev.architect.spend.SpendTotals;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Prints rows of a report as a table, or as one JSON object a line. */
final class CostText {

    private static final ObjectMapper JSON = new ObjectMapper();

    private CostText() {}

    private static final List<String> HEADINGS = List.of(
            "Calls", "Failed", "Requests", "Tokens in", "Tokens out", "Cost", "Estimated", "Baseline", "Unpriced");

    /** Prints a row for each entry; {@code title} names the keys in the table, {@code field} in JSON. */
    static void print(PrintStream out, String title, String field, Map<String, SpendTotals> rows, boolean isJson) {
        if (isJson) {
            rows.forEach((key, totals) -> out.println(json(field, key, totals)));
            return;
        }
        TextTable table = table(List.of(title));
        rows.forEach((key, totals) -> row(table, List.of(key), totals));
        table.lines().forEach(out::println);
    }

    /** A table of sums, with columns of these names before them. */
    static TextTable table(List<String> titles) {
        return new TextTable(Stream.concat(titles.stream(), HEADINGS.stream()).toArray(String[]::new));
    }

    /** Adds a row of sums, with these cells before them. */
    static void row(TextTable table, List<String> keys, SpendTotals totals) {
        Stream<String> sums = Stream.of(
                Long.toString(totals.calls().all()),
                Long.toString(totals.calls().failed()),
                Long.toString(totals.requests()),
                Long.toString(totals.tokens().input()),
                Long.toString(totals.tokens().output()),
                totals.cost().spent().toString(),
                totals.cost().estimated().toString(),
                totals.cost().baseline().toString(),
                Long.toString(totals.calls().unpriced()));
        table.row(Stream.concat(keys.stream(), sums).toArray(String[]::new));
    }

    static String json(String field, String key, SpendTotals totals) {
        return write(object(field, key, totals));
    }

    static ObjectNode object(String field, String key, SpendTotals totals) {
        return put(object().put(field, key), totals);
    }

    static ObjectNode put(ObjectNode json, SpendTotals totals) {
        return json.put("calls", totals.calls().all())
                .put("failedCalls", totals.calls().failed())
                .put("failovers", totals.calls().failovers())
                .put("requests", totals.requests())
                .put("inputTokens", totals.tokens().input())
                .put("outputTokens", totals.tokens().output())
                .put("costUsd", plain(totals.cost().spent()))
                .put("exactUsd", plain(totals.cost().exact()))
                .put("estimatedUsd", plain(totals.cost().estimated()))
                .put("baselineUsd", plain(totals.cost().baseline()))
                .put("unpricedCalls", totals.calls().unpriced());
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    static String write(ObjectNode json) {
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree could not be written", impossible);
        }
    }

    /** As text, so that no reader rounds it. */
    static String plain(MoneyTotal amount) {
        BigDecimal usd = amount.usd().stripTrailingZeros();
        return usd.toPlainString();
    }
}

package dev.architect.cli.cost;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cli.terminal.TextTable;
import dev.architect.spend.RatedReport;
import dev.architect.spend.RatedSpend;
import java.io.PrintStream;

/** Prints what calls would have cost. */
final class RatedText {

    private RatedText() {}

    /** Prints a report whose groups are by {@code by}: as a table, or as one JSON object. */
    static void print(PrintStream out, String by, RatedReport report, boolean isJson) {
        if (isJson) {
            out.println(CostText.write(json(by, report)));
            return;
        }
        TextTable table = new TextTable(
                by, "Calls", "Recorded", "Re-rated", "Estimated", "Difference", "Changed", "Newly priced", "Unpriced");
        report.groups().forEach(group -> row(table, group.group(), group));
        row(table, "total", report.total());
        out.println("prices     " + report.catalogueVersion());
        table.lines().forEach(out::println);
        report.unpricedModels().forEach((model, calls) -> out.println("unpriced   " + model + ", calls " + calls));
    }

    private static void row(TextTable table, String name, RatedSpend spend) {
        table.row(
                name,
                Long.toString(spend.calls().all()),
                spend.money().recorded().toString(),
                spend.money().rated().toString(),
                spend.money().estimated().toString(),
                spend.money().difference().toString(),
                Long.toString(spend.calls().changed()),
                Long.toString(spend.calls().newlyPriced()),
                Long.toString(spend.calls().unpriced()));
    }

    private static ObjectNode json(String by, RatedReport report) {
        ObjectNode object = CostText.object().put("catalogueVersion", report.catalogueVersion());
        put(object.putObject("total"), report.total());
        ArrayNode groups = object.put("by", by).putArray("groups");
        report.groups().forEach(group -> put(groups.addObject().put("group", group.group()), group));
        ObjectNode unpriced = object.putObject("unpricedModels");
        report.unpricedModels().forEach(unpriced::put);
        return object;
    }

    private static void put(ObjectNode object, RatedSpend spend) {
        object.put("calls", spend.calls().all())
                .put("changedCalls", spend.calls().changed())
                .put("newlyPricedCalls", spend.calls().newlyPriced())
                .put("newlyUnpricedCalls", spend.calls().newlyUnpriced())
                .put("unpricedCalls", spend.calls().unpriced())
                .put("recordedUsd", CostText.plain(spend.money().recorded()))
                .put("ratedUsd", CostText.plain(spend.money().rated()))
                .put("estimatedUsd", CostText.plain(spend.money().estimated()))
                .put("gainedUsd", CostText.plain(spend.money().gained()))
                .put("lostUsd", CostText.plain(spend.money().lost()))
                .put("differenceUsd", CostText.plain(spend.money().difference()));
    }
}

package dev.architect.cli.cost;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cli.terminal.TextTable;
import dev.architect.spend.InvoiceItem;
import dev.architect.spend.InvoiceReport;
import dev.architect.spend.InvoiceTotals;
import java.io.PrintStream;

/** Prints how an invoice and the ledger agree. */
final class InvoiceText {

    private InvoiceText() {}

    /** Whether every item is on both sides and differs by no more than was allowed. */
    static boolean isMatched(InvoiceReport report) {
        return report.different().items()
                        + report.onlyInvoiced().items()
                        + report.onlyRecorded().items()
                        + report.unidentified().items()
                == 0;
    }

    /** Prints a report as a table, or as one JSON object. */
    static void print(PrintStream out, InvoiceReport report, boolean isJson) {
        if (isJson) {
            out.println(CostText.write(json(report)));
            return;
        }
        TextTable totals = new TextTable("", "Items", "Calls", "Invoice", "Ledger", "Difference");
        row(totals, "matched", report.matched());
        row(totals, "different", report.different());
        row(totals, "only on the invoice", report.onlyInvoiced());
        row(totals, "only in the ledger", report.onlyRecorded());
        row(totals, "calls without an id", report.unidentified());
        totals.lines().forEach(out::println);
        out.println("difference " + report.difference() + ", calls without a price " + report.unpricedCalls());
        if (!report.items().isEmpty()) {
            TextTable items = new TextTable("Item", "Lines", "Calls", "Invoice", "Ledger", "Difference");
            report.items()
                    .forEach(item -> items.row(
                            item.key(),
                            Long.toString(item.lines()),
                            Long.toString(item.calls()),
                            item.invoiced().toString(),
                            item.recorded().toString(),
                            item.difference().toString()));
            out.println();
            items.lines().forEach(out::println);
        }
    }

    private static void row(TextTable table, String name, InvoiceTotals totals) {
        table.row(
                name,
                Long.toString(totals.items()),
                Long.toString(totals.calls()),
                totals.invoiced().toString(),
                totals.recorded().toString(),
                totals.difference().toString());
    }

    private static ObjectNode json(InvoiceReport report) {
        ObjectNode object = CostText.object();
        put(object.putObject("matched"), report.matched());
        put(object.putObject("different"), report.different());
        put(object.putObject("onlyInvoiced"), report.onlyInvoiced());
        put(object.putObject("onlyRecorded"), report.onlyRecorded());
        put(object.putObject("unidentified"), report.unidentified());
        object.put("unpricedCalls", report.unpricedCalls()).put("differenceUsd", CostText.plain(report.difference()));
        ArrayNode items = object.putArray("items");
        for (InvoiceItem item : report.items()) {
            items.addObject()
                    .put("item", item.key())
                    .put("lines", item.lines())
                    .put("calls", item.calls())
                    .put("invoicedUsd", CostText.plain(item.invoiced()))
                    .put("recordedUsd", CostText.plain(item.recorded()))
                    .put("differenceUsd", CostText.plain(item.difference()));
        }
        return object;
    }

    private static void put(ObjectNode object, InvoiceTotals totals) {
        object.put("items", totals.items())
                .put("calls", totals.calls())
                .put("invoicedUsd", CostText.plain(totals.invoiced()))
                .put("recordedUsd", CostText.plain(totals.recorded()))
                .put("differenceUsd", CostText.plain(totals.difference()));
    }
}

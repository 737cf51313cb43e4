package dev.architect.cli.cost;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.cost.Money;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.runtime.cost.InvoiceColumns;
import dev.architect.runtime.cost.InvoiceReader;
import dev.architect.spend.InvoiceItem;
import dev.architect.spend.InvoiceLine;
import dev.architect.spend.InvoiceMatching;
import dev.architect.spend.InvoiceReport;
import dev.architect.spend.InvoiceTotals;
import dev.architect.spend.SpendFilter;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gaia cost reconcile}. */
@Command(
        name = "reconcile",
        description = {
            "Compares a provider's invoice, as comma-separated values, with the recorded calls.",
            "Ends with 0 when all of it matches, else with 1."
        })
final class CostReconcileCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final CostOptions options = new CostOptions();

    @Parameters(
            paramLabel = "FILE",
            description = "The invoice: UTF-8, with a first line of names, amounts in dollars.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Option(
            names = "--match",
            paramLabel = "WORD",
            description = "day (and model) or request (the provider's id of it); ${DEFAULT-VALUE} by default.")
    private String match = "day";

    @Option(
            names = "--column",
            paramLabel = "NAME=COLUMN",
            description =
                    "The column of request, day, model or amount; request_id, date, model and amount_usd by default."
                            + " May be given several times.")
    private Map<String, String> columns = new TreeMap<>();

    @Option(
            names = "--tolerance",
            paramLabel = "USD",
            description = "By how much an item may differ and match all the same; ${DEFAULT-VALUE} by default.")
    private String tolerance = "0";

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "How many items that do not match are listed; ${DEFAULT-VALUE} by default, at most 10,000.")
    private int limit = 20;

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    CostReconcileCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        InvoiceMatching matching = switch (match) {
            case "day" -> InvoiceMatching.DAY_AND_MODEL;
            case "request" -> InvoiceMatching.REQUEST;
            default -> throw new CommandFailure("--match is '" + match + "', expected day or request");
        };
        SpendFilter filter = options.filter();
        if (!filter.values().containsKey(SpendDimension.PROVIDER)) {
            throw new CommandFailure("--provider is missing, expected the provider whose invoice it is");
        }
        ReportPeriod period = options.period();
        Money allowed = allowed();
        List<InvoiceLine> lines = InvoiceReader.read(file.toString(), text(), matching, columns());
        InvoiceReport report = CostOptions.checked(
                () -> options.read(ledger -> ledger.reconcile(matching, lines, allowed, limit, filter, period)));
        if (json) {
            terminal.out().println(CostText.write(json(report)));
        } else {
            print(report);
        }
        boolean isMatched = report.different().items()
                        + report.onlyInvoiced().items()
                        + report.onlyRecorded().items()
                        + report.unidentified().items()
                == 0;
        return isMatched ? 0 : 1;
    }

    private Money allowed() {
        try {
            Money amount = Money.ofUsd(tolerance);
            if (amount.picoUsd() >= 0) {
                return amount;
            }
        } catch (NumberFormatException | ArithmeticException wrong) {
            // Said below.
        }
        throw new CommandFailure("--tolerance is '" + tolerance + "', expected dollars such as 0.01");
    }

    private String text() throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new CommandFailure("FILE is " + file + ", expected an invoice");
        }
        // Checked before it is read: what is larger would fill the memory first.
        if (Files.size(file) > InvoiceReader.MOST_CHARACTERS) {
            throw new CommandFailure("FILE has " + Files.size(file) + " bytes, expected at most "
                    + InvoiceReader.MOST_CHARACTERS + ": compare it in parts");
        }
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (CharacterCodingException wrong) {
            throw new CommandFailure("FILE is " + file + ", which is not UTF-8, expected a text in it", wrong);
        }
    }

    private InvoiceColumns columns() {
        return CostOptions.checked(() -> {
            InvoiceColumns named = InvoiceColumns.DEFAULT;
            for (Map.Entry<String, String> column : columns.entrySet()) {
                named = named.with(column.getKey(), column.getValue());
            }
            return named;
        });
    }

    private void print(InvoiceReport report) {
        TextTable totals = new TextTable("", "Items", "Calls", "Invoice", "Ledger", "Difference");
        row(totals, "matched", report.matched());
        row(totals, "different", report.different());
        row(totals, "only on the invoice", report.onlyInvoiced());
        row(totals, "only in the ledger", report.onlyRecorded());
        row(totals, "calls without an id", report.unidentified());
        totals.lines().forEach(terminal.out()::println);
        terminal.out()
                .println("difference " + report.difference() + ", calls without a price " + report.unpricedCalls());
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
            terminal.out().println();
            items.lines().forEach(terminal.out()::println);
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

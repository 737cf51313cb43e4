package dev.architect.cli.cost;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cli.launch.ServerAccess;
import dev.architect.cli.launch.ServerClient;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cost.Money;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.runtime.cost.InvoiceColumns;
import dev.architect.runtime.cost.InvoiceReader;
import dev.architect.spend.InvoiceLine;
import dev.architect.spend.InvoiceMatching;
import dev.architect.spend.InvoiceReport;
import dev.architect.spend.SpendFilter;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gaia cost reconcile}. */
@Command(
        name = "reconcile",
        description = {
            "Compares a provider's invoice, as comma-separated values, with the recorded calls.",
            "Ends with 0 when all of it matches, else with 1. With --server a running server compares it and keeps the outcome."
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

    @Mixin
    private final ServerAccess server = new ServerAccess();

    @Option(names = "--note", paramLabel = "TEXT", description = "A note that a server keeps with the outcome.")
    private @Nullable String note;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description =
                    "How many items that do not match are listed; ${DEFAULT-VALUE} by default, at most 10,000, of a server 100.")
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
        String text = text();
        List<InvoiceLine> lines = InvoiceReader.read(file.toString(), text, matching, columns());
        Optional<ServerClient> client = server.named(options.directory());
        if (client.isEmpty() && note != null) {
            throw new CommandFailure("--note is given without --server, expected the server that keeps it");
        }
        InvoiceReport report = client.isPresent()
                ? onServer(new ServerReports(client.get()), text, allowed)
                : CostOptions.checked(() ->
                        options.read(ledger -> ledger.reconcile(matching, lines, allowed, limit, filter, period)));
        InvoiceText.print(terminal.out(), report, json);
        return InvoiceText.isMatched(report) ? 0 : 1;
    }

    private InvoiceReport onServer(ServerReports reports, String text, Money allowed) {
        ObjectNode invoice = CostText.object()
                .put("csv", text)
                .put("match", match)
                .put("toleranceUsd", allowed.usd())
                .put("note", note == null ? "" : note);
        ObjectNode named = invoice.putObject("columns");
        columns.forEach(named::put);
        Map<String, String> parameters = new TreeMap<>(options.parameters());
        parameters.put("limit", Integer.toString(limit));
        JsonNode kept = reports.post(ServerReports.RECONCILIATIONS, parameters, invoice);
        terminal.err().println("comparison " + kept.path("id").asText() + " is kept");
        return ServerReports.invoice(kept);
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
}

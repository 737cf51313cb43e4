package dev.architect.cli.cost;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.launch.ServerAccess;
import dev.architect.cli.terminal.CountOption;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.spend.InvoiceReport;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gaia cost reconciliations}. */
@Command(
        name = "reconciliations",
        description = {
            "Lists the invoices that a running server has compared and kept, the newest first, or prints how one agreed.",
            "With an ID it ends with 0 when all of it matched, else with 1. Without --server it asks the one at the usual port of this machine."
        })
final class CostReconciliationsCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final ExistingData data = new ExistingData();

    @Mixin
    private final ServerAccess server = new ServerAccess();

    @Parameters(arity = "0..1", paramLabel = "ID", description = "The id of a comparison, which is printed.")
    private @Nullable String id;

    @Option(
            names = "--limit",
            paramLabel = "N",
            converter = CountOption.class,
            description = "How many are listed; ${DEFAULT-VALUE} by default.")
    private int limit = 50;

    @Option(names = "--json", description = "Prints one JSON object a line.")
    private boolean json;

    CostReconciliationsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        ServerReports reports = new ServerReports(server.namedOrUsual(data.directory()));
        return id == null ? list(reports) : show(reports, id);
    }

    private int show(ServerReports reports, String wanted) {
        InvoiceReport report = ServerReports.invoice(
                reports.get(ServerReports.RECONCILIATIONS + "/" + ServerReports.segment(wanted), Map.of()));
        InvoiceText.print(terminal.out(), report, json);
        return InvoiceText.isMatched(report) ? 0 : 1;
    }

    private int list(ServerReports reports) {
        JsonNode items = reports.get(ServerReports.RECONCILIATIONS, Map.of("limit", Integer.toString(limit)))
                .path("items");
        if (json) {
            items.forEach(each -> terminal.out().println(each));
            return 0;
        }
        if (items.isEmpty()) {
            terminal.err().println("No invoice was compared.");
            return 0;
        }
        TextTable table = new TextTable("Comparison", "Calls", "From", "Until", "Outcome", "Difference", "Note", "At");
        items.forEach(each -> table.row(
                each.path("id").asText(),
                each.path("filter").asText(),
                each.path("from").asText(),
                each.path("until").asText(),
                each.path("outcome").asText(),
                ServerReports.invoice(each).difference().toString(),
                each.path("note").asText(),
                each.path("at").asText()));
        table.lines().forEach(terminal.out()::println);
        return 0;
    }
}

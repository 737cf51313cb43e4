package dev.architect.cli.cost;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.cost.PriceCatalogue;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.ledger.Rerating;
import dev.architect.model.ModelId;
import dev.architect.router.pricing.Prices;
import dev.architect.spend.RatedReport;
import dev.architect.spend.RatedSpend;
import dev.architect.spend.SpendFilter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gaia cost rerate}. */
@Command(
        name = "rerate",
        description = {
            "Prints what recorded calls would have cost by other prices, or on other models.",
            "Nothing is changed. Every call is read; the difference is that of calls with an amount on both sides."
        })
final class CostRerateCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final CostOptions options = new CostOptions();

    @Option(
            names = "--prices",
            paramLabel = "FILE",
            description = "A price file, on top of the standard prices; these alone by default.")
    private @Nullable Path prices;

    @Option(
            names = "--as",
            paramLabel = "MODEL",
            description = "Prices every call as one of this model, as provider/model.")
    private @Nullable String every;

    @Option(
            names = "--replace",
            paramLabel = "OLD=NEW",
            description = "Prices calls that one model answered as those of another; may be given several times.")
    private Map<String, String> models = new TreeMap<>();

    @Option(
            names = "--by",
            paramLabel = "DIMENSION",
            description = "The groups, as of gaia cost by; ${DEFAULT-VALUE} by default.")
    private String by = "model";

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    CostRerateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        SpendDimension dimension = CostCommand.dimension(by, "");
        SpendFilter filter = options.filter();
        ReportPeriod period = options.period();
        Rerating rerating = rerating();
        RatedReport report = options.read(ledger -> ledger.rerate(rerating, dimension, filter, period));
        if (json) {
            terminal.out().println(CostText.write(json(report)));
        } else {
            print(report);
        }
        return 0;
    }

    private Rerating rerating() {
        if (prices != null && !Files.isRegularFile(prices)) {
            throw new CommandFailure("--prices is " + prices + ", expected a price file");
        }
        PriceCatalogue catalogue = prices == null ? Prices.standard() : Prices.load(prices);
        return CostOptions.checked(() -> {
            Rerating rerating = Rerating.by(catalogue);
            rerating = every == null ? rerating : rerating.withEveryModel(ModelId.parse(every));
            for (Map.Entry<String, String> model : models.entrySet()) {
                rerating = rerating.withModel(ModelId.parse(model.getKey()), ModelId.parse(model.getValue()));
            }
            return rerating;
        });
    }

    private void print(RatedReport report) {
        TextTable table = new TextTable(
                by, "Calls", "Recorded", "Re-rated", "Estimated", "Difference", "Changed", "Newly priced", "Unpriced");
        report.groups().forEach(group -> row(table, group.group(), group));
        row(table, "total", report.total());
        terminal.out().println("prices     " + report.catalogueVersion());
        table.lines().forEach(terminal.out()::println);
        report.unpricedModels()
                .forEach((model, calls) -> terminal.out().println("unpriced   " + model + ", calls " + calls));
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

    private ObjectNode json(RatedReport report) {
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

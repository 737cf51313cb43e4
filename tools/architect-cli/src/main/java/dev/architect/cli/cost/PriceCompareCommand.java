package dev.architect.cli.cost;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.control.CatalogueDifference;
import dev.architect.cost.Price;
import dev.architect.cost.PriceCatalogue;
import dev.architect.router.pricing.Prices;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gaia price compare}. */
@Command(
        name = "compare",
        description = "Prints how a price file differs from the prices that calls get now, or from another file.")
final class PriceCompareCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final ExistingData data = new ExistingData();

    @Parameters(
            paramLabel = "FILE",
            description = "The price file, on top of the standard prices unless it stands alone.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Option(
            names = "--with",
            paramLabel = "FILE",
            description = "An earlier price file, in place of the prices of the store.")
    private @Nullable Path earlier;

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    PriceCompareCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        PriceCatalogue after = load("FILE", file);
        PriceCatalogue before = earlier == null
                ? data.operateWithPrices(
                        architect -> architect.routing().router().prices().catalogue())
                : load("--with", earlier);
        CatalogueDifference difference = CatalogueDifference.between(before, after);
        if (json) {
            terminal.out().println(CostText.write(json(before, after, difference)));
        } else {
            print(before, after, difference);
        }
        return 0;
    }

    private static PriceCatalogue load(String name, Path path) {
        if (!Files.isRegularFile(path)) {
            throw new CommandFailure(name + " is " + path + ", expected a price file");
        }
        return Prices.load(path);
    }

    private void print(PriceCatalogue before, PriceCatalogue after, CatalogueDifference difference) {
        terminal.out().println("before     " + before.version());
        terminal.out().println("after      " + after.version());
        TextTable table = new TextTable("Change", "Model", "Tier", "From", "Before", "After");
        difference.added().forEach(price -> row(table, "added", price, "", what(price)));
        difference.removed().forEach(price -> row(table, "removed", price, what(price), ""));
        difference
                .changed()
                .forEach(change -> row(table, "changed", change.after(), what(change.before()), what(change.after())));
        if (table.lines().size() == 1) {
            terminal.err().println("Nothing differs.");
            return;
        }
        table.lines().forEach(terminal.out()::println);
    }

    private static void row(TextTable table, String change, Price price, String before, String after) {
        table.row(change, PriceText.model(price), PriceText.tier(price), PriceText.from(price), before, after);
    }

    private static String what(Price price) {
        String end = PriceText.until(price);
        return PriceText.rates(price) + (end.isEmpty() ? "" : " until " + end);
    }

    private static ObjectNode json(PriceCatalogue before, PriceCatalogue after, CatalogueDifference difference) {
        ObjectNode json = CostText.object().put("fromVersion", before.version()).put("toVersion", after.version());
        put(json.putArray("added"), difference.added());
        put(json.putArray("removed"), difference.removed());
        ArrayNode changed = json.putArray("changed");
        difference.changed().forEach(change -> {
            ObjectNode row = changed.addObject();
            row.set("before", PriceText.json(change.before()));
            row.set("after", PriceText.json(change.after()));
        });
        return json;
    }

    private static void put(ArrayNode array, List<Price> prices) {
        prices.forEach(price -> array.add(PriceText.json(price)));
    }
}

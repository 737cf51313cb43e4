package dev.architect.cli.cost;

import dev.architect.Architect;
import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.cost.Price;
import dev.architect.cost.PriceCatalogue;
import dev.architect.model.ModelId;
import dev.architect.routing.PriceOverride;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gaia price}: what calls cost, and own prices on top of the catalogue. */
@Command(
        name = "price",
        description = {
            "Lists what calls cost, puts own prices on top of the catalogue, which all nodes of a store follow within five seconds, and compares price files.",
            "The store is the one that the configuration names, or the database of a data directory."
        })
public final class PriceCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private PriceCommand() {}

    /** Returns the command with its subcommands. */
    public static CommandLine with(Terminal terminal) {
        return new CommandLine(new PriceCommand())
                .addSubcommand(new ListCommand(terminal))
                .addSubcommand(new PriceAddCommand(terminal))
                .addSubcommand(new RemoveCommand(terminal))
                .addSubcommand(new PriceCompareCommand(terminal))
                .addSubcommand(new PriceRefreshCommand(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "what to do is missing, expected one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    /** {@code gaia price list}. */
    @Command(
            name = "list",
            description =
                    "Lists prices with the times from which and to which each counts, those of all times by default.")
    static final class ListCommand implements Callable<Integer> {

        private static final Comparator<Price> ORDER = Comparator.comparing(Price::provider)
                .thenComparing(Price::model)
                .thenComparing(Price::match)
                .thenComparing(Price::serviceTier)
                .thenComparing(price -> price.region().orElse(""))
                .thenComparing(price -> price.tier().tokens())
                .thenComparing(Price::validFrom);

        private final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        @Option(names = "--provider", paramLabel = "NAME", description = "Prices of one provider alone.")
        private @Nullable String provider;

        @Option(
                names = "--model",
                paramLabel = "MODEL",
                description = "Prices of one model alone, as its provider names it.")
        private @Nullable String model;

        @Option(
                names = "--at",
                paramLabel = "TIME",
                description = "Prices that count at this time alone, such as 2026-03-01T00:00:00Z.")
        private @Nullable String at;

        @Option(names = "--own", description = "Prices that were put on top of the catalogue alone.")
        private boolean own;

        @Option(names = "--json", description = "Prints one JSON object a line.")
        private boolean json;

        ListCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        /**
         * What there is.
         *
         * @param catalogue what counts
         * @param onTop what of it was put on top, with the ids
         */
        private record Read(PriceCatalogue catalogue, Map<Price, String> onTop) {}

        @Override
        public Integer call() {
            Optional<Instant> instant = Optional.ofNullable(at).map(text -> CostOptions.instant("--at", text));
            Read read = data.operateWithPrices(architect -> new Read(
                    architect.routing().router().prices().catalogue(),
                    architect.routing().pricesOnTop()));
            List<Price> found = read.catalogue().prices().stream()
                    .filter(price -> provider == null || price.provider().equals(provider))
                    .filter(price -> model == null || price.matches(new ModelId(price.provider(), model)))
                    .filter(price ->
                            instant.filter(time -> !price.isValidAt(time)).isEmpty())
                    .filter(price -> !own || read.onTop().containsKey(price))
                    .sorted(ORDER)
                    .toList();
            if (json) {
                found.forEach(price -> terminal.out()
                        .println(CostText.write(PriceText.json(price)
                                .put("override", read.onTop().get(price)))));
                return 0;
            }
            if (found.isEmpty()) {
                terminal.err().println("There is no such price.");
                return 0;
            }
            TextTable table = new TextTable("Model", "Tier", "Rates", "From", "Until", "Checked", "Own");
            found.forEach(price -> table.row(
                    PriceText.model(price),
                    PriceText.tier(price),
                    PriceText.rates(price),
                    PriceText.from(price),
                    PriceText.until(price),
                    price.checked().toString(),
                    read.onTop().getOrDefault(price, "")));
            table.lines().forEach(terminal.out()::println);
            terminal.err().println("Catalogue " + read.catalogue().version());
            return 0;
        }
    }

    /** {@code gaia price remove}. */
    @Command(
            name = "remove",
            description =
                    "Takes own prices from the top of the catalogue, which counts again; what calls have cost stays.")
    static final class RemoveCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        @Parameters(paramLabel = "ID", description = "The id of the prices, as 'gaia price list --own' shows it.")
        @SuppressWarnings("NullAway.Init")
        private String id;

        RemoveCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            data.operateWithPrices(this::removed);
            terminal.out().println("price " + id + " counts no more");
            return 0;
        }

        private PriceOverride removed(Architect architect) {
            PriceOverride price = architect.routing().override(id).orElseThrow(this::missing);
            if (!architect.routing().remove(id, price.version())) {
                throw missing();
            }
            return price;
        }

        private CommandFailure missing() {
            return new CommandFailure("price '" + id + "' does not exist, expected the id of one that is on top");
        }
    }
}

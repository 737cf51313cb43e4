package dev.architect.cli.cost;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cli.launch.ServerAccess;
import dev.architect.cli.launch.ServerClient;
import dev.architect.cli.launch.ServerOptions;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.PipedText;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cost.PriceCatalogue;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.ledger.Rerating;
import dev.architect.model.ModelId;
import dev.architect.router.pricing.Prices;
import dev.architect.spend.RatedReport;
import dev.architect.spend.SpendFilter;
import dev.architect.spi.TimeSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
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
            "Nothing is changed. Every call is read; the difference is that of calls with an amount on both sides.",
            "With --server a running server does it in the background and keeps the report with the --reason."
        })
final class CostRerateCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final CostOptions options = new CostOptions();

    @Option(
            names = "--prices",
            paramLabel = "FILE",
            description =
                    "A price file, on top of the standard prices; these alone by default, and of a server those of now.")
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

    @Mixin
    private final ServerAccess server = new ServerAccess();

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            description = "Why it is asked, which a server keeps with the report.")
    private @Nullable String reason;

    @Option(
            names = "--detach",
            description =
                    "Prints the id of the rating of a server and does not wait for it; 'gaia cost ratings ID' prints it.")
    private boolean detach;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = ServerOptions.TimeConverter.class,
            description = "How long to wait for a server, such as 90s or 30m, an hour at most; 10m by default.")
    private Duration timeout = Duration.ofMinutes(10);

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    CostRerateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        SpendDimension dimension = CostCommand.dimension(by, "");
        Optional<ServerClient> client = server.named(options.directory());
        if (client.isPresent()) {
            return onServer(new ServerRatings(new ServerReports(client.get()), TimeSource.system()));
        }
        if (reason != null || detach) {
            throw new CommandFailure((detach ? "--detach" : "--reason")
                    + " is given without --server, expected the server that keeps it");
        }
        SpendFilter filter = options.filter();
        ReportPeriod period = options.period();
        Rerating rerating = rerating();
        RatedReport report = options.read(ledger -> ledger.rerate(rerating, dimension, filter, period));
        RatedText.print(terminal.out(), by, report, json);
        return 0;
    }

    private int onServer(ServerRatings ratings) {
        if (reason == null) {
            throw new CommandFailure(
                    "--reason is missing, expected why it is asked: a server keeps it with the report");
        }
        ObjectNode wanted = CostText.object().put("reason", reason);
        if (prices != null) {
            wanted.put("prices", priceText(prices));
        }
        if (every != null) {
            wanted.put("as", every);
        }
        if (!models.isEmpty()) {
            ObjectNode replaced = wanted.putObject("replace");
            models.forEach(replaced::put);
        }
        Map<String, String> parameters = new TreeMap<>(options.parameters());
        parameters.put("by", by);
        String id = ratings.accept(parameters, wanted);
        if (detach) {
            terminal.out().println(id);
            return 0;
        }
        terminal.err().println("rating " + id + " is accepted");
        return ServerRatings.print(ratings.awaitEnd(id, timeout, terminal), terminal, json);
    }

    private static String priceText(Path file) {
        checkFile(file);
        try (InputStream in = Files.newInputStream(file)) {
            return PipedText.read(in);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static void checkFile(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new CommandFailure("--prices is " + file + ", expected a price file");
        }
    }

    private Rerating rerating() {
        if (prices != null) {
            checkFile(prices);
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
}

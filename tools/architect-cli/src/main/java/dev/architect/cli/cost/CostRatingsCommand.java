package dev.architect.cli.cost;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.launch.ServerAccess;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.spi.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gaia cost ratings}. */
@Command(
        name = "ratings",
        description = {
            "Lists the last ratings of a running server, the newest first, or prints the report of one.",
            "With an ID it ends with 0 when the rating is whole, else with 1. Without --server it asks the one at the usual port of this machine."
        })
final class CostRatingsCommand implements Callable<Integer> {

    private static final String KIND = "rerate";

    private final Terminal terminal;

    @Mixin
    private final ExistingData data = new ExistingData();

    @Mixin
    private final ServerAccess server = new ServerAccess();

    @Parameters(arity = "0..1", paramLabel = "ID", description = "The id of a rating, whose report is printed.")
    private @Nullable String id;

    @Option(names = "--json", description = "Prints one JSON object a line.")
    private boolean json;

    CostRatingsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        ServerReports reports = new ServerReports(server.namedOrUsual(data.directory()));
        if (id != null) {
            return ServerRatings.print(new ServerRatings(reports, TimeSource.system()).find(id), terminal, json);
        }
        List<JsonNode> ratings = new ArrayList<>();
        reports.get("/api/jobs", Map.of()).path("jobs").forEach(job -> {
            if (job.path("kind").asText().equals(KIND)) {
                ratings.add(job);
            }
        });
        if (json) {
            ratings.forEach(rating -> terminal.out().println(rating));
            return 0;
        }
        if (ratings.isEmpty()) {
            terminal.err().println("There is no rating.");
            return 0;
        }
        TextTable table = new TextTable("Rating", "Why", "State", "Calls", "Rated", "Accepted");
        ratings.forEach(rating -> table.row(
                rating.path("id").asText(),
                rating.path("purpose").asText(),
                rating.path("state").asText(),
                Long.toString(rating.path("total").asLong()),
                Long.toString(rating.path("done").asLong()),
                rating.path("createdAt").asText()));
        table.lines().forEach(terminal.out()::println);
        return 0;
    }
}

package dev.architect.cli.cost;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.launch.ServerAccess;
import dev.architect.cli.terminal.Terminal;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gaia price refresh}: the source of prices is a part of the host, so the host asks it. */
@Command(
        name = "refresh",
        description = {
            "Has a running server ask its source of prices now.",
            "It needs a server whose host has set one; without --server it asks the one at the usual port of this machine."
        })
final class PriceRefreshCommand implements Callable<Integer> {

    /** A source may be slow. */
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final Terminal terminal;

    @Mixin
    private final ExistingData data = new ExistingData();

    @Mixin
    private final ServerAccess server = new ServerAccess();

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    PriceRefreshCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        JsonNode answer = server.namedOrUsual(data.directory()).post("/api/prices/refresh", TIMEOUT);
        if (json) {
            terminal.out().println(answer);
            return 0;
        }
        terminal.out()
                .println((answer.path("changed").asBoolean()
                                ? "there are other prices, which count from now on: catalogue "
                                : "the prices are the newest: catalogue ")
                        + answer.path("catalogueVersion").asText());
        return 0;
    }
}

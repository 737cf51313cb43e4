package dev.architect.cli.cost;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.launch.LocalServer;
import dev.architect.cli.launch.ServerClient;
import dev.architect.cli.launch.TokenSource;
import dev.architect.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gaia price refresh}: the source of prices is a part of the host, so the host asks it. */
@Command(
        name = "refresh",
        description = {
            "Has a running server ask its source of prices now.",
            "It needs a server whose host has set one; the token is that of the operator."
        })
final class PriceRefreshCommand implements Callable<Integer> {

    /** A source may be slow. */
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final Terminal terminal;

    @Mixin
    private final ExistingData data = new ExistingData();

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "Where the server answers; ${DEFAULT-VALUE} by default.")
    private String server = "http://127.0.0.1:" + LocalServer.DEFAULT_PORT;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "The file of the access token. By default what ARCHITECT_TOKEN holds, or else the file token in"
                            + " the data directory.")
    private @Nullable Path tokenFile;

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    PriceRefreshCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        String token = TokenSource.of(tokenFile).readExisting(data.directory());
        JsonNode answer = new ServerClient(server, token).post("/api/prices/refresh", TIMEOUT);
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

package dev.architect.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.cli.house.DataDirectory;
import dev.architect.cli.house.Providers;
import dev.architect.cli.house.RunningHouse;
import dev.architect.cli.house.SimulatedWorld;
import dev.architect.cli.house.Wiring;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Help;
import dev.architect.cli.terminal.Port;
import dev.architect.cli.terminal.StopSignal;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.WholeFile;
import dev.architect.router.RoutingPolicy;
import dev.architect.server.ArchitectServer;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.Store;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.testkit.simulator.ProviderSimulator;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gaia serve}: the example server. */
@Command(name = "serve", description = "Starts the server with its dashboard, and finishes tasks of an earlier run.")
final class ServeCommand implements Callable<Integer> {

    private static final int ANSWER_MILLIS = 10_000;

    private final Terminal terminal;

    @Mixin
    private final Help help = new Help();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            converter = Port.class,
            description = "The port on 127.0.0.1, 0 for any free one; ${DEFAULT-VALUE} by default.")
    private int port = ArchitectServer.DEFAULT_PORT;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where tasks and costs are kept; ${DEFAULT-VALUE} by default.")
    private Path data = DataDirectory.DEFAULT;

    @Option(names = "--policy", paramLabel = "FILE", description = "The routing policy, as YAML.")
    private @Nullable Path policy;

    @Option(names = "--simulate", description = "Asks simulated providers: no keys, no cost.")
    private boolean simulate;

    @Option(
            names = "--ready-file",
            paramLabel = "FILE",
            description = "Where {\"url\":…,\"token\":…} is written once the server answers; only you may read it.")
    private @Nullable Path readyFile;

    ServeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (readyFile != null) {
            WholeFile.checkWritable(readyFile);
            Files.deleteIfExists(readyFile);
        }
        Port.checkFree(port);
        RoutingPolicy rules = Wiring.policy(policy);
        try (StopSignal stop = StopSignal.listen()) {
            if (simulate) {
                try (ProviderSimulator simulator = ProviderSimulator.start(SimulatedWorld.healthy())) {
                    serve(rules, Providers.simulated(simulator), stop);
                }
            } else {
                serve(rules, Providers.ofEnvironment().orAdvice(), stop);
            }
        }
        return 0;
    }

    private void serve(RoutingPolicy rules, Providers providers, StopSignal stop)
            throws IOException, InterruptedException {
        DataDirectory directory = new DataDirectory(data);
        SqliteStore store = directory.open();
        long unfinished = unfinished(store);
        try (RunningHouse house = RunningHouse.start(Wiring.architect(store, rules, providers.usable()), port)) {
            checkHealth(house.url());
            if (readyFile != null) {
                String ready =
                        new ObjectMapper().writeValueAsString(Map.of("url", house.url(), "token", house.token()));
                WholeFile.writePrivate(readyFile, writer -> writer.write(ready + "\n"));
            }
            tell(house, directory, providers, unfinished);
            stop.await();
            terminal.err().println("Stopping …");
        } finally {
            if (readyFile != null) {
                Files.deleteIfExists(readyFile);
            }
        }
    }

    private static long unfinished(Store store) {
        return store.tasks().counts().entrySet().stream()
                .filter(entry -> !entry.getKey().isTerminal())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static void checkHealth(String url) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url + "/health").toURL().openConnection();
        connection.setConnectTimeout(ANSWER_MILLIS);
        connection.setReadTimeout(ANSWER_MILLIS);
        try {
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                throw new CommandFailure(
                        url + "/health answered with status " + connection.getResponseCode() + ", expected 200");
            }
        } finally {
            connection.disconnect();
        }
    }

    private void tell(RunningHouse house, DataDirectory directory, Providers providers, long unfinished) {
        terminal.out().println("Architect is at " + house.url());
        terminal.out().println("Token: " + house.token());
        terminal.err().println("Data: " + directory.path());
        terminal.err()
                .println("Providers: "
                        + providers.usable().stream().map(ModelProvider::name).collect(Collectors.joining(", "))
                        + (simulate ? " (all simulated)" : ""));
        if (!providers.leftOut().isEmpty()) {
            terminal.err().println("Left out: " + String.join(", ", providers.leftOut()));
        }
        if (unfinished > 0) {
            terminal.err().println(unfinished + " unfinished tasks of an earlier run go on.");
        }
        terminal.err().println("Ctrl-C stops.");
    }
}

package dev.architect.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.cli.launch.LocalServer;
import dev.architect.cli.launch.ServerLauncher;
import dev.architect.cli.launch.ServerOptions;
import dev.architect.cli.launch.SetupFactory;
import dev.architect.cli.launch.SimulatedProviders;
import dev.architect.cli.launch.TokenSource;
import dev.architect.cli.terminal.AtomicFile;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.PortOption;
import dev.architect.cli.terminal.StopProgress;
import dev.architect.cli.terminal.StopSignal;
import dev.architect.cli.terminal.Terminal;
import dev.architect.runtime.ArchitectSetup;
import dev.architect.runtime.ServerSettings;
import dev.architect.simulator.ProviderSimulator;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

    @Option(
            names = "--port",
            paramLabel = "PORT",
            converter = PortOption.class,
            description = "The port, 0 for any free one; ${DEFAULT-VALUE} by default.")
    private int port = LocalServer.DEFAULT_PORT;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Where tasks and costs are kept; by default what the configuration names, or else .architect.")
    private @Nullable Path data;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration, as YAML; by default the file that ARCHITECT_CONFIG names, if any.")
    private @Nullable Path configuration;

    @Option(names = "--policy", paramLabel = "FILE", description = "The routing policy, as YAML.")
    private @Nullable Path policy;

    @Option(names = "--simulate", description = "Asks simulated providers: no keys, no cost.")
    private boolean simulate;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "The file of the access token, made when it is missing; only you may read it. By default what"
                    + " ARCHITECT_TOKEN holds, or else the file token in the data directory.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--ready-file",
            paramLabel = "FILE",
            description = "Where {\"url\":…,\"token\":…} is written once the server answers; only you may read it.")
    private @Nullable Path readyFile;

    @Mixin
    private final ServerOptions options = new ServerOptions();

    ServeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (readyFile != null) {
            AtomicFile.checkWritable(readyFile);
            // The file of an earlier run would announce a server that is not there.
            Files.deleteIfExists(readyFile);
        }
        PortOption.checkFree(port);
        try (StopSignal stop = StopSignal.listen()) {
            if (simulate) {
                try (ProviderSimulator simulator = ProviderSimulator.start(SimulatedProviders.healthy())) {
                    serve(SetupFactory.simulated(data, policy, simulator), stop);
                }
            } else {
                serve(
                        SetupFactory.requireUsableProvider(
                                SetupFactory.fromEnvironment(SetupFactory.configuration(configuration), data, policy)),
                        stop);
            }
        }
        return 0;
    }

    private void serve(ArchitectSetup setup, StopSignal stop) throws IOException, InterruptedException {
        TokenSource tokens = TokenSource.of(tokenFile);
        try (LocalServer server = ServerLauncher.start(setup, port, tokens, options.settings())) {
            checkHealth(server.url());
            if (readyFile != null) {
                String ready =
                        new ObjectMapper().writeValueAsString(Map.of("url", server.url(), "token", server.token()));
                AtomicFile.writePrivate(readyFile, writer -> writer.write(ready + "\n"));
            }
            printStart(server, setup, tokens);
            stop.await();
            terminal.err().println("Stopping …");
            stop.onRepeat(server::handBack);
            Duration timeout = setup.serverSettings()
                    .overriddenBy(options.settings())
                    .stopTimeout()
                    .orElse(ServerSettings.DEFAULT_STOP_TIMEOUT);
            StopProgress.during(terminal.err(), server::runningTasks, timeout, server::close);
        } finally {
            if (readyFile != null) {
                Files.deleteIfExists(readyFile);
            }
        }
    }

    private static void checkHealth(String url) throws IOException {
        // A proxy of the environment could not reach a server on the loopback device.
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url + "/health").toURL().openConnection(Proxy.NO_PROXY);
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

    private void printStart(LocalServer server, ArchitectSetup setup, TokenSource tokens) {
        terminal.out().println("Architect is at " + server.url());
        setup.serverSettings()
                .overriddenBy(options.settings())
                .origins()
                .forEach(origin -> terminal.out().println("Public: " + origin));
        // Whoever reads this output later, such as a log, finds a link that no longer works.
        terminal.out().println("Log in, once and within ten minutes: " + server.newLoginLink());
        terminal.err()
                .println(tokens.file(setup.dataDirectory())
                        .map(file -> "Token: in " + file)
                        .orElse("Token: the one of " + TokenSource.VARIABLE));
        if (server.needsSetUp()) {
            terminal.err()
                    .println("Nobody can log in by name yet: " + server.url()
                            + "/setup makes the first admin, with the token");
        }
        terminal.err().println("Data: " + setup.dataDirectory());
        terminal.err()
                .println("Providers: " + String.join(", ", setup.providers()) + (simulate ? " (all simulated)" : ""));
        if (!setup.skipped().isEmpty()) {
            terminal.err()
                    .println("Left out: "
                            + setup.skipped().entrySet().stream()
                                    .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                                    .collect(Collectors.joining(", ")));
        }
        if (server.unfinishedTasks() > 0) {
            terminal.err().println(server.unfinishedTasks() + " unfinished tasks of an earlier run go on.");
        }
        terminal.err().println("Ctrl-C stops.");
    }
}

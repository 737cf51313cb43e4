package dev.architect.cli;

import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.PortOption;
import dev.architect.cli.terminal.StopSignal;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.simulator.ProviderSimulator;
import dev.architect.simulator.script.SimulatorScript;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gaia simulate}: the provider simulator alone. */
@Command(
        name = "simulate",
        description = "Starts the provider simulator alone: six providers on one port, without keys or cost.")
final class SimulateCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            converter = PortOption.class,
            description = "The port on 127.0.0.1; any free one by default.")
    private int port;

    @Option(
            names = "--script",
            paramLabel = "FILE",
            description = "How the providers behave, as JSON; quick and healthy by default.")
    private @Nullable Path script;

    SimulateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (StopSignal stop = StopSignal.listen();
                ProviderSimulator simulator = ProviderSimulator.startAt(port, script())) {
            TextTable table = new TextTable("Provider", "Base URL");
            for (String provider : SimulatorScript.PROVIDERS) {
                table.row(provider, simulator.baseUrl(provider).toString());
            }
            table.row("(control)", simulator.controlUrl().toString());
            table.lines().forEach(terminal.out()::println);
            terminal.err().println("The simulator runs. Ctrl-C ends it.");
            stop.await();
        }
        return 0;
    }

    private SimulatorScript script() throws IOException {
        if (script == null) {
            return SimulatorScript.standard();
        }
        try {
            return SimulatorScript.load(script);
        } catch (IllegalArgumentException wrong) {
            throw new CommandFailure(script + ": " + wrong.getMessage(), wrong);
        }
    }
}

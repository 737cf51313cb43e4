package dev.architect.cli.cluster;

import dev.architect.cli.terminal.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gaia cluster}: runs a node without a server, and shows on this machine what a cluster survives. */
@Command(name = "cluster", description = "Runs a node of a cluster, or shows on this machine what a cluster survives.")
public final class ClusterCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private ClusterCommand() {}

    /** Returns the command with its subcommands. */
    public static CommandLine with(Terminal terminal) {
        return new CommandLine(new ClusterCommand())
                .addSubcommand(new ClusterNodeCommand(terminal))
                .addSubcommand(new ClusterDemoCommand(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "what to do is missing, expected one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }
}

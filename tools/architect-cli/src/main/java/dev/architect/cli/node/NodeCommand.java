package dev.architect.cli.node;

import dev.architect.Nodes;
import dev.architect.cli.terminal.Terminal;
import java.util.concurrent.Callable;
import java.util.function.ObjLongConsumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gaia node}: lists the nodes on a store, and cordons, drains and resumes them. */
@Command(
        name = "node",
        description = {
            "Lists the nodes that share a store, and cordons, drains and resumes them, also those of other machines.",
            "The store is the one that the configuration names, or the database of a data directory."
        })
public final class NodeCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private NodeCommand() {}

    /** Returns the command with its subcommands. */
    public static CommandLine with(Terminal terminal) {
        return new CommandLine(new NodeCommand())
                .addSubcommand(new NodeListCommand(terminal))
                .addSubcommand(new NodeShowCommand(terminal))
                .addSubcommand(new CordonCommand(terminal))
                .addSubcommand(new DrainCommand(terminal))
                .addSubcommand(new ResumeCommand(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "what to do is missing, expected one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    /** Asks a node to do something. */
    private abstract static class OrderCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final NodeOptions options = new NodeOptions();

        @Parameters(paramLabel = "NODE", description = NodeOptions.NODE)
        @SuppressWarnings("NullAway.Init")
        private String node;

        OrderCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        final int order(ObjLongConsumer<Nodes> order, String done) {
            options.with(nodes -> {
                NodeSelection selected = NodeSelection.living(nodes.list(), node);
                order.accept(nodes, selected.incarnation());
                terminal.out().println(selected.name() + " (" + selected.incarnation() + ") " + done);
                return selected;
            });
            return 0;
        }
    }

    /** {@code gaia node cordon}. */
    @Command(name = "cordon", description = "Lets a node claim nothing more; what runs on it goes on to its end.")
    static final class CordonCommand extends OrderCommand {

        CordonCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            return order(Nodes::cordon, "claims nothing more");
        }
    }

    /** {@code gaia node drain}. */
    @Command(
            name = "drain",
            description = {
                "Lets a node claim nothing more, and hand back what still runs on it after its stop timeout.",
                "The command does not wait for that: gaia node show NODE shows what is left."
            })
    static final class DrainCommand extends OrderCommand {

        DrainCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            return order(Nodes::drain, "claims nothing more, and hands back what does not end in time");
        }
    }

    /** {@code gaia node resume}. */
    @Command(name = "resume", description = "Lets a cordoned or drained node claim tasks again.")
    static final class ResumeCommand extends OrderCommand {

        ResumeCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            return order(Nodes::resume, "claims tasks again");
        }
    }
}

package dev.architect.cli.policy;

import dev.architect.cli.terminal.Terminal;
import dev.architect.router.choice.LearnedSelector;
import dev.architect.router.policy.RoutingPolicy;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gaia policy}: checks routing policies, prints their schema, and explains decisions. */
@Command(
        name = "policy",
        description =
                "Checks a routing policy, prints its JSON Schema or a version that was put into force, or explains a decision.")
public final class PolicyCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private PolicyCommand() {}

    /** Returns the command with its subcommands. */
    public static CommandLine with(Terminal terminal) {
        return new CommandLine(new PolicyCommand())
                .addSubcommand(new CheckCommand(terminal))
                .addSubcommand(new SchemaCommand(terminal))
                .addSubcommand(new ExplainCommand(terminal))
                .addSubcommand(new PolicyVersionsCommand.ListCommand(terminal))
                .addSubcommand(new PolicyVersionsCommand.ShowCommand(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "what to do is missing, expected one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    /** {@code gaia policy check}. */
    @Command(
            name = "check",
            description = {
                "Reads a policy and prints everything that is wrong with it, a line each with its place in the file.",
                "The exit code is 1 when something is."
            })
    static final class CheckCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Parameters(paramLabel = "FILE", description = "The routing policy, as YAML.")
        @SuppressWarnings("NullAway.Init")
        private Path file;

        CheckCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            RoutingPolicy policy = RoutingPolicy.load(file);
            // Its model files, too: a router with one that cannot be used does not begin.
            policy.learned().ifPresent(settings -> LearnedSelector.load(settings, null));
            terminal.out()
                    .println(file + ": " + policy.models().size() + " models, "
                            + policy.rules().rules().size() + " rules, "
                            + policy.rules().experiments().size() + " experiments");
            return 0;
        }
    }

    /** {@code gaia policy schema}. */
    @Command(name = "schema", description = "Prints the JSON Schema (draft 2020-12) of policy files, for editors.")
    static final class SchemaCommand implements Callable<Integer> {

        private final Terminal terminal;

        SchemaCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            terminal.out().println(RoutingPolicy.schema().stripTrailing());
            return 0;
        }
    }
}

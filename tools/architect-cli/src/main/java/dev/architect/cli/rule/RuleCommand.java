package dev.architect.cli.rule;

import dev.architect.cli.terminal.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gaia rule}: shows what approval rules decide, and keeps them. */
@Command(name = "rule", description = "Shows what approval rules decide about actions of agents, and keeps rules.")
public final class RuleCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private RuleCommand() {}

    /** Returns the command with its subcommands. */
    public static CommandLine with(Terminal terminal) {
        return StoredRuleCommands.addTo(
                new CommandLine(new RuleCommand()).addSubcommand(new RuleCheckCommand(terminal)), terminal);
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "what to do is missing, expected one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }
}

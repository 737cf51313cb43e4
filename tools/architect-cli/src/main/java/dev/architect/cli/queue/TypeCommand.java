package dev.architect.cli.queue;

import dev.architect.Queues;
import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import java.util.SortedSet;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gaia type}: pauses types of tasks on all nodes. */
@Command(
        name = "type",
        description = {"Pauses types of tasks on all nodes, in whatever queue they wait, and resumes them."})
public final class TypeCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private TypeCommand() {}

    /** Returns the command with its subcommands. */
    public static CommandLine with(Terminal terminal) {
        return new CommandLine(new TypeCommand())
                .addSubcommand(new ListCommand(terminal))
                .addSubcommand(new PauseCommand(terminal))
                .addSubcommand(new ResumeCommand(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "what to do is missing, expected one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    /** {@code gaia type list}. */
    @Command(name = "list", description = "Lists the types that are paused.")
    static final class ListCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        ListCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            SortedSet<String> paused =
                    data.operate(architect -> architect.queues().pausedTypes());
            if (paused.isEmpty()) {
                terminal.err().println("No type is paused.");
            }
            paused.forEach(terminal.out()::println);
            return 0;
        }
    }

    /** Something about one type. */
    private abstract static class OneType implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        @Parameters(paramLabel = "TYPE", description = "The type of the tasks, such as prompt.")
        @SuppressWarnings("NullAway.Init")
        private String type;

        OneType(Terminal terminal) {
            this.terminal = terminal;
        }

        final int change(BiFunction<Queues, String, Boolean> operation, String now, String before) {
            boolean isChanged;
            try {
                isChanged = data.operate(architect -> operation.apply(architect.queues(), type));
            } catch (IllegalArgumentException wrong) {
                throw new CommandFailure(String.valueOf(wrong.getMessage()));
            }
            terminal.out().println("type " + type + " " + (isChanged ? now : before));
            return 0;
        }
    }

    /** {@code gaia type pause}. */
    @Command(name = "pause", description = "Starts none of its tasks from now on, on any node; those that run go on.")
    static final class PauseCommand extends OneType {

        PauseCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            return change(Queues::pauseType, "is paused", "was paused already");
        }
    }

    /** {@code gaia type resume}. */
    @Command(name = "resume", description = "Starts its tasks again.")
    static final class ResumeCommand extends OneType {

        ResumeCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            return change(Queues::resumeType, "goes on", "was not paused");
        }
    }
}

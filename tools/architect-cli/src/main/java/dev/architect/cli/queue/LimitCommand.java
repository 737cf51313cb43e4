package dev.architect.cli.queue;

import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.project.ProjectId;
import dev.architect.spi.TaskStore;
import dev.architect.task.KeyLimit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gaia limit}: how many tasks with a limit key may be ready or run at once. */
@Command(
        name = "limit",
        description = "Sets how many tasks with a limit key may be ready or run at once, over all nodes.")
public final class LimitCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private LimitCommand() {}

    /** Returns the command with its subcommands. */
    public static CommandLine with(Terminal terminal) {
        return new CommandLine(new LimitCommand())
                .addSubcommand(new ListCommand(terminal))
                .addSubcommand(new SetCommand(terminal))
                .addSubcommand(new RemoveCommand(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "what to do is missing, expected one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    /** {@code gaia limit list}. */
    @Command(name = "list", description = "Lists the keys that have a limit of their own; others have 1.")
    static final class ListCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        ListCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            List<KeyLimit> limits = data.operate(architect -> {
                List<KeyLimit> all = new ArrayList<>();
                List<KeyLimit> page = architect.limits().list(Optional.empty(), TaskStore.MAX_BATCH);
                while (!page.isEmpty()) {
                    all.addAll(page);
                    page = architect.limits().list(Optional.of(page.get(page.size() - 1)), TaskStore.MAX_BATCH);
                }
                return all;
            });
            if (limits.isEmpty()) {
                terminal.err().println("No key has a limit of its own.");
                return 0;
            }
            TextTable table = new TextTable("Project", "Key", "Max running");
            limits.forEach(limit -> table.row(limit.project().name(), limit.key(), String.valueOf(limit.maxRunning())));
            table.lines().forEach(terminal.out()::println);
            return 0;
        }
    }

    /** Something about one key. */
    private abstract static class OneKey implements Callable<Integer> {

        final Terminal terminal;

        @Mixin
        final ExistingData data = new ExistingData();

        @Parameters(index = "0", paramLabel = "KEY", description = "The limit key.")
        @SuppressWarnings("NullAway.Init")
        private String key;

        @Option(names = "--project", paramLabel = "NAME", description = "The project of its tasks; default by default.")
        private @Nullable String project;

        OneKey(Terminal terminal) {
            this.terminal = terminal;
        }

        final KeyLimit limit(int maxRunning) {
            try {
                return new KeyLimit(project == null ? ProjectId.DEFAULT : new ProjectId(project), key, maxRunning);
            } catch (IllegalArgumentException wrong) {
                throw new CommandFailure(String.valueOf(wrong.getMessage()));
            }
        }
    }

    /** {@code gaia limit set}. */
    @Command(name = "set", description = "Sets the limit of a key, whether a task has it yet or not.")
    static final class SetCommand extends OneKey {

        @Parameters(index = "1", paramLabel = "N", description = "How many of its tasks may be ready or run at once.")
        private int maxRunning;

        SetCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            KeyLimit limit = limit(maxRunning);
            data.operate(architect -> {
                architect.limits().set(limit);
                return limit;
            });
            terminal.out()
                    .println("key " + limit.key() + " of project "
                            + limit.project().name() + " has the limit " + limit.maxRunning());
            return 0;
        }
    }

    /** {@code gaia limit remove}. */
    @Command(name = "remove", description = "Gives a key the limit 1 again.")
    static final class RemoveCommand extends OneKey {

        RemoveCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            KeyLimit standard = limit(KeyLimit.DEFAULT);
            boolean hadOne = data.operate(architect -> architect.limits().remove(standard.project(), standard.key()));
            String named = "key " + standard.key() + " of project "
                    + standard.project().name();
            if (!hadOne) {
                throw new CommandFailure(named + " has no limit of its own, expected one that has");
            }
            terminal.out().println(named + " has the limit " + KeyLimit.DEFAULT + " again");
            return 0;
        }
    }
}

package dev.architect.cli.task;

import dev.architect.Architect;
import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import java.util.Locale;
import java.util.function.Function;
import picocli.CommandLine.Mixin;

/** Which data directory a command is about. */
final class TaskCommandOptions {

    @Mixin
    private final ExistingData data = new ExistingData();

    /** Opens the data directory, which must be there, and performs no task in it. */
    <T> T with(Function<Architect, T> operation) {
        return data.operate(operation);
    }

    static TaskId id(String text) {
        try {
            return TaskId.parse(text);
        } catch (IllegalArgumentException wrong) {
            throw new CommandFailure("the task is '" + text + "', expected the id of a task, 13 characters", wrong);
        }
    }

    static String state(Task task) {
        return task.state().name().toLowerCase(Locale.ROOT);
    }

    /** Prints how a task stands. */
    static void print(Terminal terminal, Task task) {
        terminal.out().println(task.id() + "  " + state(task));
    }
}

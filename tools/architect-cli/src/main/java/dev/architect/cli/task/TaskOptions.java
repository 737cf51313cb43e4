package dev.architect.cli.task;

import dev.architect.Architect;
import dev.architect.cli.launch.SetupFactory;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.runtime.ArchitectSetup;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which data directory a command is about. */
final class TaskOptions {

    private static final String NODE = "gaia";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The data directory; by default what the configuration names, or else .architect.")
    private @Nullable Path data;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration, as YAML; by default the file that ARCHITECT_CONFIG names, if any.")
    private @Nullable Path configuration;

    /** Opens the data directory, which must be there, and performs no task in it. */
    <T> T with(Function<Architect, T> operation) {
        ArchitectSetup setup = SetupFactory.fromEnvironment(SetupFactory.configuration(configuration), data, null);
        if (!Files.exists(setup.database())) {
            throw new CommandFailure(setup.database() + " is not there, expected the database of a server or a demo");
        }
        try (Architect architect = Architect.builder()
                .store(setup.openStore())
                .router((providers, time) -> new NoModels())
                .nodeName(NODE)
                .withoutTaskExecution()
                .build()) {
            return operation.apply(architect);
        }
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

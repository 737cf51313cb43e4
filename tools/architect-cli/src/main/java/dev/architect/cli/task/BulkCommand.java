package dev.architect.cli.task;

import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.maintenance.BulkProgress;
import dev.architect.maintenance.TaskAction;
import dev.architect.maintenance.TaskFilter;
import dev.architect.project.ProjectId;
import dev.architect.task.Priority;
import dev.architect.task.TaskId;
import dev.architect.task.TaskState;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gaia task bulk}. */
@Command(
        name = "bulk",
        description = {
            "Does the same to all tasks that pass, in batches of 500 between which others write.",
            "What it had done is kept when it is stopped; --after goes on after the last task that it printed."
        })
final class BulkCommand implements Callable<Integer> {

    private static final int BATCHES_A_LINE = 20;

    private final Terminal terminal;

    @Mixin
    private final TaskCommandOptions options = new TaskCommandOptions();

    @Parameters(paramLabel = "ACTION", description = "cancel, hold, resume, redrive, or priority with --priority.")
    @SuppressWarnings("NullAway.Init")
    private String action;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            split = ",",
            description = "Tasks in these states; with --filter, all that this can be done to when neither names any.")
    private List<String> states = List.of();

    @Mixin
    private final TaskFilterOption filterText = new TaskFilterOption();

    @Option(names = "--type", paramLabel = "TYPE", description = "Of those only tasks of this type.")
    private @Nullable String type;

    @Option(names = "--project", paramLabel = "NAME", description = "Of those only tasks of this project.")
    private @Nullable String project;

    @Option(names = "--priority", paramLabel = "N", description = "The level to give them: 0, the most urgent, to 9.")
    private @Nullable Integer priority;

    @Option(names = "--after", paramLabel = "ID", description = "Goes on after this task.")
    private @Nullable String after;

    @Option(names = "--dry-run", description = "Counts them and changes nothing.")
    private boolean isDryRun;

    BulkCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        TaskAction wanted = new TaskAction(
                constant("ACTION", action, TaskAction.Kind.values()),
                Optional.ofNullable(priority).map(Priority::new));
        TaskFilter filter = filter(wanted);
        wanted.check(filter);
        if (isDryRun) {
            long tasks = options.with(architect -> architect.tasks().count(wanted, filter));
            terminal.out().println(tasks(tasks) + " would be changed");
            return 0;
        }
        Optional<TaskId> first = Optional.ofNullable(after).map(TaskCommandOptions::id);
        int[] batches = {0};
        BulkProgress end = options.with(architect -> architect.tasks().changeAll(wanted, filter, first, progress -> {
            if (++batches[0] % BATCHES_A_LINE == 0 && !progress.isComplete()) {
                terminal.err()
                        .println(tasks(progress.done()) + " changed, the last one "
                                + progress.last().map(TaskId::toString).orElse("none"));
            }
            return true;
        }));
        terminal.out()
                .println(
                        tasks(end.done()) + " changed" + (end.skipped() == 0 ? "" : ", " + end.skipped() + " skipped"));
        return 0;
    }

    private static String tasks(long count) {
        return count + (count == 1 ? " task" : " tasks");
    }

    private TaskFilter filter(TaskAction action) {
        Set<TaskState> wanted = EnumSet.noneOf(TaskState.class);
        states.forEach(state -> wanted.add(constant("--state", state, TaskState.values())));
        if (filterText.isGiven()) {
            if (type != null || project != null) {
                throw new CommandFailure("--type or --project is given with --filter, expected within it");
            }
            return filterText.filter(wanted, action);
        }
        if (wanted.isEmpty()) {
            throw new CommandFailure("--state and --filter are missing, expected one of them");
        }
        TaskFilter filter = TaskFilter.of(wanted);
        filter = type == null ? filter : filter.withType(type);
        return project == null ? filter : filter.withProject(new ProjectId(project));
    }

    private static <E extends Enum<E>> E constant(String name, String text, E[] values) {
        StringBuilder expected = new StringBuilder();
        for (E value : values) {
            String word = value.name().toLowerCase(Locale.ROOT);
            if (word.equals(text)) {
                return value;
            }
            expected.append(expected.isEmpty() ? "" : ", ").append(word);
        }
        throw new CommandFailure(name + " is '" + text + "', expected " + expected);
    }
}

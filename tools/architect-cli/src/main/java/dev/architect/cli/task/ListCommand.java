package dev.architect.cli.task;

import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskQuery;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gaia task list}. */
@Command(
        name = "list",
        description = {
            "Lists tasks, newest first: id, state, type, project and when they were accepted.",
            "When there are more, it names the option that lists them."
        })
final class ListCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final TaskCommandOptions options = new TaskCommandOptions();

    @Mixin
    private final TaskFilterOption filter = new TaskFilterOption();

    @Option(names = "--limit", paramLabel = "N", description = "How many at most, 1 to 500; 50 by default.")
    private int limit = 50;

    @Option(names = "--before", paramLabel = "ID", description = "Only those older than this task.")
    private @Nullable String before;

    ListCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (limit < 1 || limit > TaskQuery.MAX_LIMIT) {
            throw new CommandFailure("--limit is " + limit + ", expected 1.." + TaskQuery.MAX_LIMIT);
        }
        TaskQuery first = filter.read().query(limit);
        TaskQuery query = before == null ? first : first.after(TaskCommandOptions.id(before));
        List<Task> tasks = options.with(architect -> architect.tasks().list(query));
        for (Task task : tasks) {
            terminal.out()
                    .println(task.id() + "  " + TaskCommandOptions.state(task) + "  "
                            + task.request().type() + "  "
                            + task.request().attribution().project() + "  " + task.createdAt());
        }
        if (tasks.size() == limit) {
            TaskId last = tasks.get(limit - 1).id();
            terminal.err().println("there may be more: --before " + last);
        }
        return 0;
    }
}

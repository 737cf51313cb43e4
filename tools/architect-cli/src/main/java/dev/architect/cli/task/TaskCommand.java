package dev.architect.cli.task;

import dev.architect.Architect;
import dev.architect.attempt.Attempt;
import dev.architect.attempt.AttemptExplanation;
import dev.architect.attempt.TaskExplanation;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.PipedText;
import dev.architect.cli.terminal.Terminal;
import dev.architect.graph.TaskLink;
import dev.architect.maintenance.TaskAction;
import dev.architect.maintenance.TaskEdit;
import dev.architect.maintenance.TaskFilter;
import dev.architect.project.ProjectId;
import dev.architect.task.Priority;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskNotFoundException;
import dev.architect.task.TaskState;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gaia task}: submits a task, and shows, cancels, holds, resumes and redrives those of a data directory. */
@Command(
        name = "task",
        description = {
            "Submits a task, or operates on the tasks of a data directory, also while a server uses it.",
            "A server performs what was submitted; each operation stands in the activity log."
        })
public final class TaskCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private TaskCommand() {}

    /** Returns the command with its subcommands. */
    public static CommandLine with(Terminal terminal) {
        return new CommandLine(new TaskCommand())
                .addSubcommand(new SubmitCommand(terminal))
                .addSubcommand(new ListCommand(terminal))
                .addSubcommand(new ShowCommand(terminal))
                .addSubcommand(new WhyCommand(terminal))
                .addSubcommand(new CancelCommand(terminal))
                .addSubcommand(new HoldCommand(terminal))
                .addSubcommand(new ResumeCommand(terminal))
                .addSubcommand(new RedriveCommand(terminal))
                .addSubcommand(new EditCommand(terminal))
                .addSubcommand(new RunNowCommand(terminal))
                .addSubcommand(new BulkCommand(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "what to do is missing, expected one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    /** An operation on one task. */
    private abstract static class OneTask implements Callable<Integer> {

        final Terminal terminal;

        @Mixin
        private final TaskCommandOptions options = new TaskCommandOptions();

        @Parameters(paramLabel = "ID", description = "The id of the task.")
        @SuppressWarnings("NullAway.Init")
        private String id;

        OneTask(Terminal terminal) {
            this.terminal = terminal;
        }

        final int operate(BiFunction<Architect, TaskId, Task> operation) {
            TaskId task = TaskCommandOptions.id(id);
            TaskCommandOptions.print(terminal, options.with(architect -> operation.apply(architect, task)));
            return 0;
        }

        final Integer read(BiFunction<Architect, TaskId, Integer> operation) {
            TaskId task = TaskCommandOptions.id(id);
            return options.with(architect -> operation.apply(architect, task));
        }
    }

    /** {@code gaia task show}. */
    @Command(
            name = "show",
            description = "Shows how a task stands, what it asks, its parents and children, and its attempts.")
    static final class ShowCommand extends OneTask {

        ShowCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            return read((architect, id) -> {
                Task task = architect.tasks().find(id).orElseThrow(() -> new TaskNotFoundException(id));
                TaskCommandOptions.print(terminal, task);
                architect
                        .tasks()
                        .question(id)
                        .ifPresent(question -> terminal.out().println("asks: " + question));
                print("waits for", architect.tasks().parents(id));
                print("child", architect.tasks().children(id));
                for (Attempt attempt : architect.tasks().attempts(id)) {
                    terminal.out()
                            .println("attempt " + attempt.epoch() + "  "
                                    + attempt.outcome()
                                            .name()
                                            .toLowerCase(Locale.ROOT)
                                            .replace('_', ' ')
                                    + attempt.error().map(error -> ": " + error).orElse(""));
                }
                architect
                        .tasks()
                        .result(id)
                        .flatMap(result -> result.output())
                        .ifPresent(output -> terminal.out().println(output));
                return 0;
            });
        }

        private void print(String what, List<TaskLink> links) {
            for (TaskLink link : links) {
                terminal.out()
                        .println(what + " " + link.task() + "  "
                                + link.state().map(Enum::name).orElse("deleted").toLowerCase(Locale.ROOT)
                                + ", on failure "
                                + link.onFailure().name().toLowerCase(Locale.ROOT)
                                + (link.isReleased() ? ", released" : ""));
            }
        }
    }

    /** {@code gaia task why}. */
    @Command(
            name = "why",
            description = "Says why each attempt at a task ran on its node, in its session and with its models.")
    static final class WhyCommand extends OneTask {

        WhyCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            return read((architect, id) -> {
                TaskExplanation explanation =
                        architect.tasks().explain(id).orElseThrow(() -> new TaskNotFoundException(id));
                terminal.out().println(id + "  " + explanation.state().name().toLowerCase(Locale.ROOT));
                for (AttemptExplanation attempt : explanation.attempts()) {
                    terminal.out()
                            .println("attempt " + attempt.epoch() + "  "
                                    + attempt.outcome()
                                            .map(Enum::name)
                                            .orElse("running")
                                            .toLowerCase(Locale.ROOT)
                                            .replace('_', ' '));
                    attempt.sentences().forEach(sentence -> terminal.out().println("  " + sentence));
                }
                if (explanation.attempts().isEmpty()) {
                    terminal.err().println("It has not begun.");
                }
                return 0;
            });
        }
    }

    /** {@code gaia task cancel}. */
    @Command(name = "cancel", description = "Cancels a task: a waiting one at once, a running one by interruption.")
    static final class CancelCommand extends OneTask {

        @Option(
                names = "--force",
                description = "Ends a running task at once, also one whose worker or node does not answer.")
        private boolean force;

        CancelCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            return operate((architect, id) -> (force
                            ? architect.tasks().forceCancel(id)
                            : architect.tasks().cancel(id))
                    .orElseThrow(() -> new TaskNotFoundException(id)));
        }
    }

    /** {@code gaia task hold}. */
    @Command(name = "hold", description = "Holds a waiting task back until it is resumed.")
    static final class HoldCommand extends OneTask {

        HoldCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            return operate((architect, id) -> architect.tasks().hold(id));
        }
    }

    /** {@code gaia task resume}. */
    @Command(name = "resume", description = "Makes a held task ready.")
    static final class ResumeCommand extends OneTask {

        @Option(
                names = "--input",
                paramLabel = "TEXT",
                description = "What its worker gets, in the worker's own format; - reads it from stdin.")
        private @Nullable String input;

        ResumeCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() throws IOException {
            String text = input != null && input.equals("-") ? PipedText.read(terminal.in()) : input;
            return operate((architect, id) -> text == null
                    ? architect.tasks().resume(id)
                    : architect.tasks().resume(id, text));
        }
    }

    /** {@code gaia task edit}. */
    @Command(name = "edit", description = "Changes a task that waits.")
    static final class EditCommand extends OneTask {

        @Option(names = "--priority", paramLabel = "N", description = "Its level: 0, the most urgent, to 9.")
        private @Nullable Integer priority;

        @Option(names = "--delay", paramLabel = "TIME", description = "In how long it is due, such as 90s, 5m or 0s.")
        private @Nullable String delay;

        @Option(names = "--payload", paramLabel = "TEXT", description = "What its worker gets; - reads it from stdin.")
        private @Nullable String payload;

        EditCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() throws IOException {
            TaskEdit edit = priority == null ? TaskEdit.NONE : TaskEdit.NONE.withPriority(new Priority(priority));
            edit = delay == null ? edit : edit.withDelay(SubmitCommand.duration("--delay", delay));
            String text = payload != null && payload.equals("-") ? PipedText.read(terminal.in()) : payload;
            TaskEdit whole = text == null ? edit : edit.withPayload(text);
            return operate((architect, id) -> architect.tasks().edit(id, whole));
        }
    }

    /** {@code gaia task run-now}. */
    @Command(name = "run-now", description = "Makes a ready or scheduled task the next one of its type.")
    static final class RunNowCommand extends OneTask {

        RunNowCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            return operate((architect, id) -> architect.tasks().runNow(id));
        }
    }

    /** {@code gaia task redrive}. */
    @Command(
            name = "redrive",
            description = {
                "Makes a dead, cancelled or expired task ready again, or with --state all that pass.",
                "Their tries count from zero; their attempts and their cost stay."
            })
    static final class RedriveCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final TaskCommandOptions options = new TaskCommandOptions();

        @Parameters(arity = "0..1", paramLabel = "ID", description = "The id of one task.")
        private @Nullable String id;

        @Option(
                names = "--state",
                paramLabel = "STATE",
                split = ",",
                description = "All tasks in these states: dead, cancelled, or both with a comma between them.")
        private List<String> states = List.of();

        @Option(names = "--type", paramLabel = "TYPE", description = "Of those only tasks of this type.")
        private @Nullable String type;

        @Option(names = "--project", paramLabel = "NAME", description = "Of those only tasks of this project.")
        private @Nullable String project;

        @Mixin
        private final TaskFilterOption filterText = new TaskFilterOption();

        @Option(names = "--dry-run", description = "Counts them and changes nothing.")
        private boolean isDryRun;

        RedriveCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            if ((id == null) == (states.isEmpty() && !filterText.isGiven())) {
                throw new CommandFailure("expected the id of a task, or --state or --filter, and not both");
            }
            if (id != null) {
                if (type != null || project != null || isDryRun) {
                    throw new CommandFailure("--type, --project and --dry-run are given with an id, expected --state");
                }
                TaskId task = TaskCommandOptions.id(id);
                TaskCommandOptions.print(
                        terminal, options.with(architect -> architect.tasks().redrive(task)));
                return 0;
            }
            TaskFilter filter = filter();
            long tasks = options.with(architect -> isDryRun
                    ? architect.tasks().countRedrivable(filter)
                    : (long) architect.tasks().redriveAll(filter));
            terminal.out()
                    .println(
                            tasks + (tasks == 1 ? " task" : " tasks") + (isDryRun ? " would be" : "") + " ready again");
            return 0;
        }

        private TaskFilter filter() {
            Set<TaskState> wanted = EnumSet.noneOf(TaskState.class);
            for (String state : states) {
                switch (state) {
                    case "dead" -> wanted.add(TaskState.DEAD);
                    case "cancelled" -> wanted.add(TaskState.CANCELLED);
                    case "expired" -> wanted.add(TaskState.EXPIRED);
                    default ->
                        throw new CommandFailure("--state is '" + state + "', expected dead, cancelled, expired");
                }
            }
            if (filterText.isGiven()) {
                if (type != null || project != null) {
                    throw new CommandFailure("--type or --project is given with --filter, expected within it");
                }
                return filterText.filter(wanted, TaskAction.REDRIVE);
            }
            TaskFilter filter = TaskFilter.of(wanted);
            filter = type == null ? filter : filter.withType(type);
            return project == null ? filter : filter.withProject(new ProjectId(project));
        }
    }
}

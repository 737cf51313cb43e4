package dev.architect.cli.export;

import dev.architect.Architect;
import dev.architect.cli.cost.CostOptions;
import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.launch.ServerOptions;
import dev.architect.cli.task.TaskFilterOption;
import dev.architect.cli.terminal.ActivityKinds;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.export.ExportForm;
import dev.architect.export.ExportJob;
import dev.architect.export.ExportSubject;
import dev.architect.filter.InvalidFilterException;
import dev.architect.job.export.Exports;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gaia export create}: one subcommand for each list. */
@Command(
        name = "create",
        description = {
            "Has a server of the store write a list to a file. Prints the id of the export.",
            "With --wait it ends when the file is there: with exit code 1 when it cannot be written."
        })
final class ExportCreateCommand implements Runnable {

    /** Who wants it. */
    private static final String OPERATOR = "operator";

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private ExportCreateCommand() {}

    static CommandLine with(Terminal terminal) {
        return new CommandLine(new ExportCreateCommand())
                .addSubcommand(new CallsCommand(terminal))
                .addSubcommand(new TasksCommand(terminal))
                .addSubcommand(new ActivityListCommand(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "what to export is missing, expected one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    /** Something about one list. */
    private abstract static class OneList implements Callable<Integer> {

        /** How often it is looked whether the file is there. */
        private static final Duration LOOK_INTERVAL = Duration.ofMillis(200);

        private final Terminal terminal;
        private final TimeSource time = TimeSource.system();

        @Option(names = "--format", paramLabel = "FORMAT", description = "csv or jsonl; ${DEFAULT-VALUE} by default.")
        private String format = "csv";

        @Option(names = "--wait", description = "Waits until the file is there.")
        private boolean wait;

        @Option(
                names = "--timeout",
                paramLabel = "TIME",
                converter = ServerOptions.TimeConverter.class,
                description = "How long to wait, such as 90s or 30m, an hour at most; 10m by default.")
        private Duration timeout = Duration.ofMinutes(10);

        OneList(Terminal terminal) {
            this.terminal = terminal;
        }

        /** Accepts the export, and waits for it when that is wanted. */
        final int create(Architect architect, ExportSubject subject) {
            Exports exports = architect.exports();
            if (!exports.isPossible()) {
                throw new CommandFailure("the store keeps no exports, expected one that does");
            }
            ExportJob accepted = exports.accept(prepared(exports, subject));
            terminal.out().println(accepted.id());
            if (!wait) {
                return 0;
            }
            ExportJob ended = awaitEnd(exports, accepted);
            if (ended.state() != ExportJob.State.DONE) {
                throw new CommandFailure(ExportText.describe(ended));
            }
            terminal.err().println(ExportText.describe(ended));
            return 0;
        }

        private ExportJob prepared(Exports exports, ExportSubject subject) {
            try {
                return exports.prepare(subject, form(), OPERATOR);
            } catch (InvalidFilterException wrong) {
                throw new CommandFailure("--" + wrong.getMessage(), wrong);
            }
        }

        private ExportForm form() {
            return switch (format) {
                case "csv" -> ExportForm.CSV;
                case "jsonl" -> ExportForm.JSON_LINES;
                default -> throw new CommandFailure("--format is '" + format + "', expected csv or jsonl");
            };
        }

        private ExportJob awaitEnd(Exports exports, ExportJob accepted) {
            long begin = time.nanoTime();
            ExportJob export = accepted;
            while (!export.state().isEnded()) {
                if (time.nanoTime() - begin >= timeout.toNanos()) {
                    throw new CommandFailure(ExportText.describe(export)
                            + ": it goes on, and needs a server that runs on the store; --timeout waits longer");
                }
                try {
                    time.sleep(LOOK_INTERVAL);
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                    throw new CommandFailure("the wait for export " + accepted.id() + " was interrupted", stop);
                }
                Optional<ExportJob> now = exports.find(accepted.id());
                export = now.orElseThrow(
                        () -> new CommandFailure("export " + accepted.id() + " was deleted meanwhile, expected it"));
            }
            return export;
        }
    }

    /** {@code gaia export create calls}. */
    @Command(name = "calls", description = "Exports the calls that 'gaia cost' would report on, with all columns.")
    static final class CallsCommand extends OneList {

        @Mixin
        private final CostOptions options = new CostOptions();

        CallsCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            ExportSubject calls = new ExportSubject.Calls(
                    options.filter(),
                    options.period().resolve(TimeSource.system().wallTime()));
            return options.operate(architect -> create(architect, calls));
        }
    }

    /** {@code gaia export create tasks}. */
    @Command(name = "tasks", description = "Exports tasks without their prompts, all of them by default.")
    static final class TasksCommand extends OneList {

        @Mixin
        private final ExistingData data = new ExistingData();

        @Mixin
        private final TaskFilterOption filter = new TaskFilterOption();

        TasksCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            ExportSubject tasks = new ExportSubject.Tasks(filter.filter(), filter.zone());
            return data.operate(architect -> create(architect, tasks));
        }
    }

    /** {@code gaia export create activity}. */
    @Command(name = "activity", description = "Exports the activity log.")
    static final class ActivityListCommand extends OneList {

        @Mixin
        private final ExistingData data = new ExistingData();

        @Option(
                names = "--kind",
                paramLabel = "KIND",
                split = ",",
                description = "Only these kinds, with commas between them, such as breaker-changed,task-dead.")
        private List<String> kinds = List.of();

        ActivityListCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            ExportSubject activities = new ExportSubject.Activities(ActivityKinds.checked(kinds));
            return data.operate(architect -> create(architect, activities));
        }
    }
}

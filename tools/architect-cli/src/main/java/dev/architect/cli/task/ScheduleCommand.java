package dev.architect.cli.task;

import dev.architect.Schedules;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.PipedText;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.project.ProjectId;
import dev.architect.recurring.Recurrence;
import dev.architect.recurring.Schedule;
import dev.architect.recurring.ScheduleCodec;
import dev.architect.recurring.ScheduleRequest;
import dev.architect.recurring.ScheduleStore;
import dev.architect.task.TaskRequest;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

/** {@code gaia schedule}: tasks that come again and again. */
@Command(
        name = "schedule",
        description = {
            "Lists, makes, pauses, resumes, runs and deletes schedules, also while a server uses the store.",
            "A server or another node of the store fires them."
        })
public final class ScheduleCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private ScheduleCommand() {}

    /** Returns the command with its subcommands. */
    public static CommandLine with(Terminal terminal) {
        return new CommandLine(new ScheduleCommand())
                .addSubcommand(new ListCommand(terminal))
                .addSubcommand(new AddCommand(terminal))
                .addSubcommand(new PauseCommand(terminal))
                .addSubcommand(new ResumeCommand(terminal))
                .addSubcommand(new RunCommand(terminal))
                .addSubcommand(new DeleteCommand(terminal))
                .addSubcommand(new NextCommand(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "what to do is missing, expected one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    private static String when(Schedule schedule) {
        return schedule.request().recurrence() instanceof Recurrence.Cron cron
                ? cron.expression() + " " + cron.zone()
                : String.join(
                        " ",
                        "every",
                        String.valueOf(ScheduleCodec.when(schedule.request()).get("every")));
    }

    /** Something about one schedule. */
    private abstract static class OneSchedule implements Callable<Integer> {

        final Terminal terminal;

        @Mixin
        private final TaskCommandOptions options = new TaskCommandOptions();

        @Parameters(paramLabel = "NAME", description = "The name of the schedule.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        OneSchedule(Terminal terminal) {
            this.terminal = terminal;
        }

        /** Prints what the operation returns. */
        final int print(BiFunction<Schedules, String, String> operation) {
            terminal.out().println(options.<String>with(architect -> operation.apply(architect.schedules(), name)));
            return 0;
        }
    }

    /** {@code gaia schedule list}. */
    @Command(name = "list", description = "Lists the schedules by name.")
    static final class ListCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final TaskCommandOptions options = new TaskCommandOptions();

        @Option(names = "--json", description = "Prints one JSON object a line.")
        private boolean json;

        ListCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            List<Schedule> all = options.with(architect -> all(architect.schedules()));
            if (json) {
                all.forEach(schedule -> terminal.out().println(json(schedule)));
                return 0;
            }
            if (all.isEmpty()) {
                terminal.err().println("There is no schedule.");
                return 0;
            }
            TextTable table = new TextTable("Schedule", "When", "Type", "Catch-up", "Next");
            for (Schedule schedule : all) {
                table.row(
                        schedule.name(),
                        when(schedule),
                        schedule.request().task().type(),
                        JsonFields.wordOf(schedule.request().catchUp().policy()),
                        schedule.isPaused()
                                ? "paused"
                                : schedule.next().map(Instant::toString).orElse("never"));
            }
            table.lines().forEach(terminal.out()::println);
            return 0;
        }

        private static List<Schedule> all(Schedules schedules) {
            List<Schedule> all = new ArrayList<>();
            List<Schedule> page = schedules.list(Optional.empty(), ScheduleStore.MAX_PAGE);
            while (!page.isEmpty()) {
                all.addAll(page);
                page = schedules.list(Optional.of(page.get(page.size() - 1).name()), ScheduleStore.MAX_PAGE);
            }
            return all;
        }

        private static String json(Schedule schedule) {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            fields.put("name", schedule.name());
            fields.put("type", schedule.request().task().type());
            fields.putAll(ScheduleCodec.when(schedule.request()));
            fields.put("paused", schedule.isPaused());
            fields.put("next", schedule.next().map(Instant::toString).orElse(null));
            return JsonText.write(fields);
        }
    }

    /** {@code gaia schedule add}. */
    @Command(
            name = "add",
            description = {
                "Makes a schedule that submits a prompt, or changes the one of that name.",
                "One of --cron and --every says when."
            })
    static final class AddCommand extends OneSchedule {

        @Parameters(
                paramLabel = "PROMPT",
                description = "The prompt, or the payload of another --type; - reads it from stdin.")
        @SuppressWarnings("NullAway.Init")
        private String text;

        @Option(
                names = "--cron",
                paramLabel = "EXPRESSION",
                description =
                        "Five fields (minute, hour, day of month, month, day of week), or six with the second first.")
        private @Nullable String cron;

        @Option(
                names = "--zone",
                paramLabel = "ZONE",
                description = "Whose wall clock --cron is about, such as Europe/Berlin; UTC by default.")
        private @Nullable String zone;

        @Option(
                names = "--every",
                paramLabel = "TIME",
                description = "The time between two instants, such as 15m or 2h.")
        private @Nullable String every;

        @Option(
                names = "--catch-up",
                paramLabel = "POLICY",
                description = "What becomes of missed instants: none, last or all; ${DEFAULT-VALUE} by default.")
        private String catchUp = "last";

        @Option(
                names = "--catch-up-limit",
                paramLabel = "N",
                description = "With --catch-up all, how many of them are made up for at most.")
        private @Nullable Integer limit;

        @Option(
                names = "--type",
                paramLabel = "TYPE",
                description = "The type of the task; ${DEFAULT-VALUE} by default.")
        private String type = TaskRequest.PROMPT;

        @Option(names = "--project", paramLabel = "NAME", description = "The project that its cost is filed under.")
        private @Nullable String project;

        AddCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() throws IOException {
            if ((cron == null) == (every == null)) {
                throw new CommandFailure("expected one of --cron and --every");
            }
            String content = text.equals("-") ? PipedText.read(terminal.in()) : text;
            TaskRequest plain =
                    type.equals(TaskRequest.PROMPT) ? TaskRequest.prompt(content) : TaskRequest.of(type, content);
            TaskRequest task = project == null ? plain : plain.withProject(new ProjectId(project));
            Map<String, Object> fields = new LinkedHashMap<>();
            put(fields, "cron", cron);
            put(fields, "zone", zone);
            put(fields, "every", every);
            put(fields, "catchUp", catchUp);
            put(fields, "catchUpLimit", limit);
            JsonFields times = JsonFields.parse(JsonText.write(fields));
            return print((schedules, name) -> {
                Schedule saved = schedules.save(
                        new ScheduleRequest(name, ScheduleCodec.recurrence(times), task, ScheduleCodec.catchUp(times)));
                return saved.name() + "  "
                        + (saved.isPaused()
                                ? "paused"
                                : "next " + saved.next().map(Instant::toString).orElse("never"));
            });
        }

        private static void put(Map<String, Object> fields, String name, @Nullable Object value) {
            if (value != null) {
                fields.put(name, value);
            }
        }
    }

    /** {@code gaia schedule pause}. */
    @Command(name = "pause", description = "Lets a schedule fire no more until it is resumed.")
    static final class PauseCommand extends OneSchedule {

        PauseCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            return print((schedules, name) -> schedules.pause(name).name() + "  paused");
        }
    }

    /** {@code gaia schedule resume}. */
    @Command(name = "resume", description = "Lets a schedule fire again, from its next instant on.")
    static final class ResumeCommand extends OneSchedule {

        ResumeCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            return print((schedules, name) -> name + "  next "
                    + schedules.resume(name).next().map(Instant::toString).orElse("never"));
        }
    }

    /** {@code gaia schedule run}. */
    @Command(name = "run", description = "Submits the task of a schedule now, and prints its id.")
    static final class RunCommand extends OneSchedule {

        RunCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            return print((schedules, name) -> schedules.runNow(name).id().toString());
        }
    }

    /** {@code gaia schedule delete}. */
    @Command(name = "delete", description = "Deletes a schedule; the tasks that it has submitted stay.")
    static final class DeleteCommand extends OneSchedule {

        DeleteCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            return print((schedules, name) -> {
                schedules.delete(name);
                return name + "  deleted";
            });
        }
    }

    /** {@code gaia schedule next}. */
    @Command(name = "next", description = "Prints the next instants of a schedule, one a line.")
    static final class NextCommand extends OneSchedule {

        @Option(names = "--count", paramLabel = "N", description = "How many; ${DEFAULT-VALUE} by default.")
        private int count = 10;

        NextCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            return print((schedules, name) -> String.join(
                    System.lineSeparator(),
                    schedules.next(name, count).stream().map(Instant::toString).toList()));
        }
    }
}

package dev.architect.cli.queue;

import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.lane.LaneScope;
import dev.architect.lane.LaneSettings;
import dev.architect.lane.LaneStatus;
import dev.architect.lane.StartRate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gaia queue}: what waits in queues, and the settings of queues and of their tenants. */
@Command(
        name = "queue",
        description = {
            "Lists queues, pauses, drains and resumes them, and sets their weights and limits, also while a server uses the store."
        })
public final class QueueCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private QueueCommand() {}

    /** Returns the command with its subcommands. */
    public static CommandLine with(Terminal terminal) {
        return new CommandLine(new QueueCommand())
                .addSubcommand(new ListCommand(terminal))
                .addSubcommand(new SettingsCommand(terminal))
                .addSubcommand(new SetCommand(terminal))
                .addSubcommand(new ChangeCommand(terminal))
                .addSubcommand(new PauseCommand(terminal))
                .addSubcommand(new DrainCommand(terminal))
                .addSubcommand(new ResumeCommand(terminal))
                .addSubcommand(new RemoveCommand(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "what to do is missing, expected one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    private static String text(Optional<?> limit) {
        return limit.map(Object::toString).orElse("none");
    }

    private static String describe(LaneSettings settings) {
        return "queue " + settings.scope() + " has weight " + settings.weight() + ", running at most "
                + text(settings.maxRunning()) + ", starts " + text(settings.rate()) + ", waiting at most "
                + text(settings.maxWaiting()) + (settings.isPaused() ? ", paused" : "")
                + (settings.isDraining() ? ", draining" : "");
    }

    private static String state(boolean isPaused, boolean isDraining) {
        if (isPaused) {
            return isDraining ? "paused, draining" : "paused";
        }
        return isDraining ? "draining" : "open";
    }

    /** {@code gaia queue list}. */
    @Command(name = "list", description = "Lists the lanes of queues and tenants that have unfinished tasks.")
    static final class ListCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        @Option(names = "--json", description = "Prints one JSON object a line.")
        private boolean json;

        ListCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            List<LaneStatus> lanes =
                    data.operate(architect -> architect.queues().lanes());
            if (json) {
                lanes.forEach(lane -> terminal.out().println(json(lane)));
                return 0;
            }
            if (lanes.isEmpty()) {
                terminal.err().println("No queue has unfinished tasks.");
                return 0;
            }
            TextTable table = new TextTable("Queue", "Tenant", "Sessions", "Weight", "Running", "Waiting", "State");
            for (LaneStatus lane : lanes) {
                table.row(
                        lane.lane().queue(),
                        lane.lane().tenant(),
                        lane.lane().sessionKind(),
                        String.valueOf(lane.weight()),
                        String.valueOf(lane.running()),
                        String.valueOf(lane.waiting()),
                        state(lane.isPaused(), lane.isDraining()));
            }
            table.lines().forEach(terminal.out()::println);
            return 0;
        }

        private static String json(LaneStatus lane) {
            Map<String, Object> tasks = new LinkedHashMap<>();
            new TreeMap<>(lane.tasks()).forEach((state, count) -> tasks.put(JsonFields.wordOf(state), count));
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            fields.put("queue", lane.lane().queue());
            fields.put("tenant", lane.lane().tenant());
            fields.put("sessionKind", lane.lane().sessionKind());
            fields.put("weight", lane.weight());
            fields.put("paused", lane.isPaused());
            fields.put("draining", lane.isDraining());
            fields.put("running", lane.running());
            fields.put("waiting", lane.waiting());
            fields.put("tasks", tasks);
            return JsonText.write(fields);
        }
    }

    /** {@code gaia queue settings}. */
    @Command(name = "settings", description = "Lists the settings of queues and of their tenants.")
    static final class SettingsCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        SettingsCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            List<LaneSettings> all =
                    data.operate(architect -> architect.queues().settings());
            if (all.isEmpty()) {
                terminal.err().println("No queue has settings.");
                return 0;
            }
            TextTable table = new TextTable("Queue", "Tenant", "Weight", "Max running", "Rate", "Max waiting", "State");
            for (LaneSettings each : all) {
                table.row(
                        each.scope().queue(),
                        each.scope().tenant().orElse("all"),
                        String.valueOf(each.weight()),
                        text(each.maxRunning()),
                        text(each.rate()),
                        text(each.maxWaiting()),
                        state(each.isPaused(), each.isDraining()));
            }
            table.lines().forEach(terminal.out()::println);
            return 0;
        }
    }

    /** Something about one queue or one tenant of it. */
    private abstract static class OneQueue implements Callable<Integer> {

        final Terminal terminal;

        @Mixin
        final ExistingData data = new ExistingData();

        @Parameters(paramLabel = "QUEUE", description = "The name of the queue.")
        @SuppressWarnings("NullAway.Init")
        private String queue;

        @Option(
                names = "--tenant",
                paramLabel = "TENANT",
                description = "One tenant of it, instead of the whole queue.")
        private @Nullable String tenant;

        OneQueue(Terminal terminal) {
            this.terminal = terminal;
        }

        final LaneScope scope() {
            return checked(() -> new LaneScope(queue, Optional.ofNullable(tenant)));
        }

        static <T> T checked(Supplier<T> made) {
            try {
                return made.get();
            } catch (IllegalArgumentException wrong) {
                throw new CommandFailure(String.valueOf(wrong.getMessage()));
            }
        }
    }

    /** {@code gaia queue set}. */
    @Command(
            name = "set",
            description = {
                "Sets the weight and the limits of a queue, or of one of its tenants.",
                "What is not named has no limit and the weight 1 then; whether it is paused or drained stays."
            })
    static final class SetCommand extends OneQueue {

        @Option(
                names = "--weight",
                paramLabel = "N",
                description =
                        "Its part of the session time, relative to others: 1 to 1000; ${DEFAULT-VALUE} by default.")
        private int weight = LaneSettings.DEFAULT_WEIGHT;

        @Option(names = "--max-running", paramLabel = "N", description = "How many of its tasks may run at once.")
        private @Nullable Integer maxRunning;

        @Option(
                names = "--rate",
                paramLabel = "RATE",
                description = "How fast its tasks may start, such as 10/s or 90/1m.")
        private @Nullable String rate;

        @Option(names = "--max-waiting", paramLabel = "N", description = "How many may wait before more are refused.")
        private @Nullable Integer maxWaiting;

        SetCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            LaneSettings wanted = checked(() -> LaneSettings.of(scope())
                    .withWeight(weight)
                    .withMaxRunning(Optional.ofNullable(maxRunning))
                    .withRate(Optional.ofNullable(rate).map(StartRate::parse))
                    .withMaxWaiting(Optional.ofNullable(maxWaiting)));
            LaneSettings saved = data.operate(architect -> {
                LaneSettings before = architect.queues().settings(scope());
                LaneSettings settings = wanted.withPaused(before.isPaused()).withDraining(before.isDraining());
                architect.queues().save(settings);
                return settings;
            });
            terminal.out().println(describe(saved));
            return 0;
        }
    }

    /** {@code gaia queue change}. */
    @Command(
            name = "change",
            description = {
                "Changes some of what is set for a queue, or for one of its tenants, and leaves the rest as it is.",
                "A limit is none where it has that word."
            })
    static final class ChangeCommand extends OneQueue {

        private static final String NONE = "none";

        @Option(names = "--weight", paramLabel = "N", description = "Its part of the session time: 1 to 1000.")
        private @Nullable Integer weight;

        @Option(
                names = "--max-running",
                paramLabel = "N",
                description = "How many of its tasks may run at once, or none.")
        private @Nullable String maxRunning;

        @Option(
                names = "--rate",
                paramLabel = "RATE",
                description = "How fast its tasks may start, such as 10/s or 90/1m, or none.")
        private @Nullable String rate;

        @Option(
                names = "--max-waiting",
                paramLabel = "N",
                description = "How many may wait before more are refused, or none.")
        private @Nullable String maxWaiting;

        ChangeCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            LaneScope scope = scope();
            LaneSettings changed = data.operate(architect -> {
                LaneSettings before = architect.queues().settings(scope);
                LaneSettings after = checked(() -> changed(before));
                if (!architect.queues().change(after, before)) {
                    throw new CommandFailure("queue " + scope + " was changed by another caller meanwhile; try again");
                }
                return after;
            });
            terminal.out().println(describe(changed));
            return 0;
        }

        private LaneSettings changed(LaneSettings before) {
            LaneSettings settings = weight == null ? before : before.withWeight(weight);
            settings = maxRunning == null ? settings : settings.withMaxRunning(number("--max-running", maxRunning));
            settings = rate == null
                    ? settings
                    : settings.withRate(rate.equals(NONE) ? Optional.empty() : Optional.of(StartRate.parse(rate)));
            return maxWaiting == null ? settings : settings.withMaxWaiting(number("--max-waiting", maxWaiting));
        }

        private static Optional<Integer> number(String option, String text) {
            try {
                return text.equals(NONE) ? Optional.empty() : Optional.of(Integer.parseInt(text));
            } catch (NumberFormatException wrong) {
                throw new IllegalArgumentException(
                        option + " is '" + JsonFields.shorten(text) + "', expected a number or none");
            }
        }
    }

    /** {@code gaia queue drain}. */
    @Command(name = "drain", description = "Refuses further tasks from now on; those that wait and run are worked off.")
    static final class DrainCommand extends OneQueue {

        DrainCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            LaneScope scope = scope();
            LaneSettings drained = data.operate(architect -> architect.queues().drain(scope));
            terminal.out().println(describe(drained));
            return 0;
        }
    }

    /** {@code gaia queue pause}. */
    @Command(name = "pause", description = "Starts none of its tasks from now on; those that run go on.")
    static final class PauseCommand extends OneQueue {

        PauseCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            LaneScope scope = scope();
            LaneSettings paused = data.operate(architect -> architect.queues().pause(scope));
            terminal.out().println(describe(paused));
            return 0;
        }
    }

    /** {@code gaia queue resume}. */
    @Command(name = "resume", description = "Starts its tasks again, and takes further ones.")
    static final class ResumeCommand extends OneQueue {

        ResumeCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            LaneScope scope = scope();
            LaneSettings resumed = data.operate(architect -> architect.queues().resume(scope));
            terminal.out().println(describe(resumed));
            return 0;
        }
    }

    /** {@code gaia queue remove}. */
    @Command(name = "remove", description = "Removes the settings of a queue or of one of its tenants; its tasks stay.")
    static final class RemoveCommand extends OneQueue {

        RemoveCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            LaneScope scope = scope();
            boolean hadSome = data.operate(architect -> architect.queues().remove(scope));
            if (!hadSome) {
                throw new CommandFailure("queue " + scope + " has no settings, expected one that has");
            }
            terminal.out().println("queue " + scope + " has no settings any more");
            return 0;
        }
    }
}

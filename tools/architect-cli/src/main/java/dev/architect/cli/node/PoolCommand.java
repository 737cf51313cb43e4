package dev.architect.cli.node;

import dev.architect.Architect;
import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.event.ActivityEntry;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.node.NodeSession;
import dev.architect.node.PoolSettings;
import dev.architect.node.PoolStatus;
import dev.architect.node.StaleDocumentException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

/** {@code gaia pool}: the session pools of each kind over all nodes. */
@Command(
        name = "pool",
        description = "Shows the session pools of each kind over all nodes that share a store, and sets their limits.")
public final class PoolCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private PoolCommand() {}

    /** Returns the command with its subcommands. */
    public static CommandLine with(Terminal terminal) {
        return new CommandLine(new PoolCommand())
                .addSubcommand(new ListCommand(terminal))
                .addSubcommand(new ShowCommand(terminal))
                .addSubcommand(new LimitCommand(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "what to do is missing, expected one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    /** {@code gaia pool list}. */
    @Command(name = "list", description = "Lists the kinds of session that living nodes have, and how busy they are.")
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
            List<PoolStatus> pools =
                    data.operate(architect -> architect.sessions().pools());
            if (json) {
                pools.forEach(pool -> terminal.out().println(json(pool)));
                return 0;
            }
            if (pools.isEmpty()) {
                terminal.err().println("No living node has sessions.");
                return 0;
            }
            TextTable table = new TextTable("Kind", "Nodes", "Sessions", "Slots", "Busy");
            for (PoolStatus pool : pools) {
                table.row(
                        pool.kind(),
                        String.valueOf(pool.nodes()),
                        String.valueOf(pool.sessions()),
                        String.valueOf(pool.slots()),
                        String.valueOf(pool.busy()));
            }
            table.lines().forEach(terminal.out()::println);
            return 0;
        }

        private static String json(PoolStatus pool) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("kind", pool.kind());
            fields.put("nodes", pool.nodes());
            fields.put("sessionCount", pool.sessions());
            fields.put("slots", pool.slots());
            fields.put("busy", pool.busy());
            return JsonText.write(fields);
        }
    }

    /** {@code gaia pool limit}. */
    @Command(
            name = "limit",
            description = {
                "Sets limits of the pools of a kind on all nodes, also while they run; without an option, shows what is set.",
                "A limit that is none is left to the configuration of each node."
            })
    static final class LimitCommand implements Callable<Integer> {

        private static final String NONE = "none";

        private final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        @Parameters(paramLabel = "KIND", description = "The kind of session, such as llm.")
        @SuppressWarnings("NullAway.Init")
        private String kind;

        @Option(
                names = "--min-sessions",
                paramLabel = "N",
                description = "Sessions that are always there: 1 to 100, or none.")
        private @Nullable String min;

        @Option(names = "--max-sessions", paramLabel = "N", description = "The most sessions: 1 to 100, or none.")
        private @Nullable String max;

        @Option(
                names = "--slots",
                paramLabel = "N",
                description = "How many tasks one session runs at once: 1 to 128, or none.")
        private @Nullable String slots;

        LimitCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            terminal.out().println(describe(data.operate(this::limited)));
            return 0;
        }

        private PoolSettings limited(Architect architect) {
            PoolSettings before = architect.sessions().poolSettings(kind);
            try {
                PoolSettings after = changed(before);
                return after.equals(before) ? before : architect.sessions().setPool(after);
            } catch (IllegalArgumentException wrong) {
                throw new CommandFailure(String.valueOf(wrong.getMessage()));
            } catch (StaleDocumentException changed) {
                throw new CommandFailure("pool '" + kind + "' was changed by another caller meanwhile; try again");
            }
        }

        private PoolSettings changed(PoolSettings before) {
            return new PoolSettings(
                    kind,
                    before.version(),
                    number("--min-sessions", min, before.minSessions()),
                    number("--max-sessions", max, before.maxSessions()),
                    number("--slots", slots, before.slotsPerSession()));
        }

        private static Optional<Integer> number(String option, @Nullable String text, Optional<Integer> before) {
            try {
                if (text == null) {
                    return before;
                }
                return text.equals(NONE) ? Optional.empty() : Optional.of(Integer.parseInt(text));
            } catch (NumberFormatException wrong) {
                throw new IllegalArgumentException(
                        option + " is '" + JsonFields.shorten(text) + "', expected a number or none");
            }
        }

        private static String describe(PoolSettings settings) {
            return "pool " + settings.kind() + ": minimum " + text(settings.minSessions()) + ", maximum "
                    + text(settings.maxSessions()) + ", slots " + text(settings.slotsPerSession());
        }

        private static String text(Optional<Integer> limit) {
            return limit.map(Object::toString).orElse("as configured");
        }
    }

    /** {@code gaia pool show}. */
    @Command(
            name = "show",
            description = {
                "Shows the sessions of a kind on all living nodes, and the last changes of their number.",
                "Each change has its reason; the newest comes first."
            })
    static final class ShowCommand implements Callable<Integer> {

        private static final int CHANGES = 10;
        private static final Set<String> CHANGE_KINDS = Set.of("session-opened", "session-draining", "session-closed");

        /** How many entries of the log are looked through for those. */
        private static final int LOOKED_AT = 500;

        private final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        @Parameters(paramLabel = "KIND", description = "The kind of session, such as llm.")
        @SuppressWarnings("NullAway.Init")
        private String kind;

        ShowCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            return data.operate(architect -> {
                List<NodeSession> sessions = architect.sessions().all().stream()
                        .filter(each -> each.session().kind().equals(kind))
                        .toList();
                if (sessions.isEmpty()) {
                    throw new CommandFailure("pool '" + kind
                            + "' does not exist, expected a kind of session that a living node has: gaia pool list");
                }
                SessionCommand.print(terminal, sessions);
                architect.activity().ofKinds(CHANGE_KINDS, Long.MAX_VALUE, LOOKED_AT).stream()
                        .filter(this::isChange)
                        .limit(CHANGES)
                        .forEach(entry -> terminal.out().println(entry.at() + "  " + entry.text()));
                return 0;
            });
        }

        private boolean isChange(ActivityEntry entry) {
            return entry.text().startsWith("Session " + kind + "-");
        }
    }
}

package dev.architect.cli.node;

import dev.architect.Architect;
import dev.architect.Sessions;
import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.json.JsonText;
import dev.architect.node.NodeSession;
import dev.architect.node.SessionNotFoundException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gaia session}: the sessions of all nodes. */
@Command(
        name = "session",
        description = "Shows the sessions of all nodes that share a store, drains and restarts them.")
public final class SessionCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private SessionCommand() {}

    /** Returns the command with its subcommands. */
    public static CommandLine with(Terminal terminal) {
        return new CommandLine(new SessionCommand())
                .addSubcommand(new ListCommand(terminal))
                .addSubcommand(new ShowCommand(terminal))
                .addSubcommand(new DrainCommand(terminal))
                .addSubcommand(new RestartCommand(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "what to do is missing, expected one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    /** Prints sessions as a table. */
    static void print(Terminal terminal, List<NodeSession> sessions) {
        TextTable table = new TextTable("Session", "Kind", "Node", "Incarnation", "Slots", "Busy", "State");
        for (NodeSession each : sessions) {
            table.row(
                    each.session().name(),
                    each.session().kind(),
                    each.node(),
                    Long.toString(each.incarnation()),
                    String.valueOf(each.session().slots()),
                    String.valueOf(each.session().busy()),
                    stateOf(each));
        }
        table.lines().forEach(terminal.out()::println);
    }

    private static String stateOf(NodeSession each) {
        return each.state().name().toLowerCase(Locale.ROOT);
    }

    private static String json(NodeSession each) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", each.session().name());
        fields.put("kind", each.session().kind());
        fields.put("node", each.node());
        fields.put("incarnation", Long.toString(each.incarnation()));
        fields.put("slots", each.session().slots());
        fields.put("busy", each.session().busy());
        fields.put("state", stateOf(each));
        return JsonText.write(fields);
    }

    /** {@code gaia session list}. */
    @Command(name = "list", description = "Lists the sessions of living nodes, as each node has reported them last.")
    static final class ListCommand implements Callable<Integer> {

        private final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        @Option(names = "--kind", paramLabel = "KIND", description = "Only sessions of this kind.")
        private @Nullable String kind;

        @Option(names = "--node", paramLabel = "NODE", description = "Only sessions of nodes of this name.")
        private @Nullable String node;

        @Option(names = "--json", description = "Prints one JSON object a line.")
        private boolean json;

        ListCommand(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            List<NodeSession> sessions = data
                    .operate(architect -> architect.sessions().all())
                    .stream()
                    .filter(each -> kind == null || each.session().kind().equals(kind))
                    .filter(each -> node == null || each.node().equals(node))
                    .toList();
            if (json) {
                sessions.forEach(each -> terminal.out().println(json(each)));
            } else if (sessions.isEmpty()) {
                terminal.err().println("No living node has such sessions.");
            } else {
                print(terminal, sessions);
            }
            return 0;
        }
    }

    /** Something about one session. */
    private abstract static class OneSession implements Callable<Integer> {

        final Terminal terminal;

        @Mixin
        private final ExistingData data = new ExistingData();

        @Parameters(index = "0", paramLabel = "NODE", description = NodeOptions.NODE)
        @SuppressWarnings("NullAway.Init")
        private String node;

        @Parameters(index = "1", paramLabel = "SESSION", description = "The name of the session, such as llm-3.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        OneSession(Terminal terminal) {
            this.terminal = terminal;
        }

        final NodeSession find() {
            return data.operate(architect -> find(architect));
        }

        private NodeSession find(Architect architect) {
            NodeSelection of = NodeSelection.living(architect.nodes().list(), node);
            return architect.sessions().all().stream()
                    .filter(each -> each.incarnation() == of.incarnation()
                            && each.session().name().equals(name))
                    .findFirst()
                    .orElseThrow(this::unknown);
        }

        private CommandFailure unknown() {
            return new CommandFailure(
                    "session '" + name + "' of node '" + node + "' does not exist, expected one of gaia session list");
        }

        final int end(BiPredicate<Sessions, NodeSession> order, String now) {
            data.operate(architect -> {
                NodeSession found = find(architect);
                boolean isNew;
                try {
                    isNew = order.test(architect.sessions(), found);
                } catch (SessionNotFoundException ended) {
                    throw unknown();
                }
                terminal.out()
                        .println("session " + name + " of " + found.node() + " (" + found.incarnation() + ") "
                                + (isNew ? now : "was asked for that before"));
                return found;
            });
            return 0;
        }
    }

    /** {@code gaia session show}. */
    @Command(name = "show", description = "Shows a session: its node, its kind, and how many of its slots are busy.")
    static final class ShowCommand extends OneSession {

        ShowCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            NodeSession found = find();
            print("session", found.session().name());
            print("kind", found.session().kind());
            print("node", found.node() + " (" + found.incarnation() + ")");
            print("busy", found.session().busy() + " of " + found.session().slots() + " slots");
            print("state", stateOf(found));
            return 0;
        }

        private void print(String what, String value) {
            terminal.out().printf("%-8s %s%n", what, value);
        }
    }

    /** {@code gaia session drain}. */
    @Command(
            name = "drain",
            description = {
                "Lets a session take nothing more, and end when it runs nothing any more.",
                "If its pool has fewer than the minimum then, its node opens another one.",
                "The command does not wait for that: gaia session list shows what is left."
            })
    static final class DrainCommand extends OneSession {

        DrainCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            return end(
                    (sessions, found) ->
                            sessions.drain(found.incarnation(), found.session().name()),
                    "takes nothing more, and ends when it runs nothing any more");
        }
    }

    /** {@code gaia session restart}. */
    @Command(name = "restart", description = "As drain; then its node opens another session in its place in any case.")
    static final class RestartCommand extends OneSession {

        RestartCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            return end(
                    (sessions, found) -> sessions.restart(
                            found.incarnation(), found.session().name()),
                    "takes nothing more, and gives way to another one when it runs nothing any more");
        }
    }
}

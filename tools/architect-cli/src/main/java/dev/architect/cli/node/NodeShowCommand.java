package dev.architect.cli.node;

import dev.architect.cli.terminal.Terminal;
import dev.architect.node.NodeRecord;
import dev.architect.node.NodeRole;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code gaia node show}. */
@Command(name = "show", description = "Shows what a node states about itself, what it runs, and its roles.")
final class NodeShowCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final NodeOptions options = new NodeOptions();

    @Parameters(paramLabel = "NODE", description = NodeOptions.NODE)
    @SuppressWarnings("NullAway.Init")
    private String node;

    NodeShowCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** What is shown. */
    private record Shown(NodeRecord node, List<NodeRole> roles) {}

    @Override
    public Integer call() {
        Shown shown = options.with(
                nodes -> new Shown(NodeSelection.any(nodes.list(), node).record(), nodes.roles()));
        NodeRecord record = shown.node();
        print("name", record.info().name());
        print("incarnation", Long.toString(record.incarnation()));
        print("state", NodeText.word(record.state()));
        print("order", NodeText.word(record.order()));
        print("running", record.load().running() + " of " + record.load().slots() + " slots");
        print(record.state().isAlive() ? "last beat" : "ended", NodeText.ago(record.sinceBeat()) + " ago");
        print("joined", record.joinedAt().toString());
        record.endedAt().ifPresent(at -> print("ended at", at.toString()));
        print("version", record.info().version());
        print("performs", String.join(", ", new TreeSet<>(record.info().capabilities())));
        print("member", record.info().member());
        print("address", record.info().address());
        print("roles", String.join(", ", NodeText.roles(record, shown.roles())));
        return 0;
    }

    /** What is not known is left out. */
    private void print(String what, String value) {
        if (!value.isBlank()) {
            terminal.out().printf("%-12s %s%n", what, value);
        }
    }
}

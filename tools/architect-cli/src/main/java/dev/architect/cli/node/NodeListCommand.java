package dev.architect.cli.node;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.cli.terminal.Terminal;
import dev.architect.cli.terminal.TextTable;
import dev.architect.node.NodeRecord;
import dev.architect.node.NodeRole;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gaia node list}. */
@Command(
        name = "list",
        description = "Lists the living nodes: what they are asked to do, what they run, and their roles.")
final class NodeListCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final NodeOptions options = new NodeOptions();

    @Option(names = "--all", description = "Also those that have ended within the last hours.")
    private boolean all;

    @Option(names = "--json", description = "Prints one JSON object a line.")
    private boolean json;

    NodeListCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** What is shown. */
    private record Listed(List<NodeRecord> nodes, List<NodeRole> roles) {}

    @Override
    public Integer call() throws IOException {
        Listed listed = options.with(nodes -> new Listed(nodes.list(), nodes.roles()));
        List<NodeRecord> shown = listed.nodes().stream()
                .filter(node -> all || node.state().isAlive())
                .toList();
        if (json) {
            ObjectMapper mapper = new ObjectMapper();
            for (NodeRecord node : shown) {
                terminal.out().println(mapper.writeValueAsString(NodeText.json(mapper, node, listed.roles())));
            }
            return 0;
        }
        if (shown.isEmpty()) {
            terminal.err().println("No node is alive" + (all ? ", and none has ended lately." : "."));
            return 0;
        }
        TextTable table =
                new TextTable("Node", "Incarnation", "State", "Order", "Running", "Slots", "Beat", "Version", "Roles");
        for (NodeRecord node : shown) {
            table.row(
                    node.info().name(),
                    Long.toString(node.incarnation()),
                    NodeText.word(node.state()),
                    NodeText.word(node.order()),
                    Integer.toString(node.load().running()),
                    Integer.toString(node.load().slots()),
                    NodeText.ago(node.sinceBeat()),
                    node.info().version(),
                    String.join(", ", NodeText.roles(node, listed.roles())));
        }
        table.lines().forEach(terminal.out()::println);
        return 0;
    }
}

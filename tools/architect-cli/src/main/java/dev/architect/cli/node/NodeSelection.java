package dev.architect.cli.node;

import dev.architect.cli.terminal.CommandFailure;
import dev.architect.error.DidYouMean;
import dev.architect.node.NodeRecord;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Finds the incarnation that a command line names. */
record NodeSelection(NodeRecord record) {

    /** The newest incarnation of that name or number, a living one before one that has ended. */
    static NodeSelection any(List<NodeRecord> nodes, String text) {
        return nodes.stream()
                .filter(node -> matches(node, text))
                .max(Comparator.comparing((NodeRecord node) -> isNumbered(node, text))
                        .thenComparing(node -> node.state().isAlive())
                        .thenComparing(NodeRecord::joinedAt))
                .map(NodeSelection::new)
                .orElseThrow(() -> unknown(nodes, text));
    }

    /** The one living incarnation of that name or number. */
    static NodeSelection living(List<NodeRecord> nodes, String text) {
        List<NodeRecord> living =
                nodes.stream().filter(node -> node.state().isAlive()).toList();
        List<NodeRecord> found =
                living.stream().filter(node -> matches(node, text)).toList();
        if (found.stream().anyMatch(node -> isNumbered(node, text))) {
            return any(found, text);
        }
        if (found.isEmpty() && nodes.stream().anyMatch(node -> matches(node, text))) {
            throw new CommandFailure("node '" + text + "' has ended, expected one that is alive");
        }
        if (found.isEmpty()) {
            throw unknown(living, text);
        }
        if (found.size() > 1) {
            throw new CommandFailure("node '" + text + "' is the name of several incarnations, expected one of "
                    + found.stream()
                            .map(node -> Long.toString(node.incarnation()))
                            .collect(Collectors.joining(", ")));
        }
        return new NodeSelection(found.get(0));
    }

    private static boolean matches(NodeRecord node, String text) {
        return isNumbered(node, text) || node.info().name().equals(text);
    }

    private static boolean isNumbered(NodeRecord node, String text) {
        return Long.toString(node.incarnation()).equals(text);
    }

    private static CommandFailure unknown(List<NodeRecord> nodes, String text) {
        TreeSet<String> names =
                nodes.stream().map(node -> node.info().name()).collect(Collectors.toCollection(TreeSet::new));
        String expected = DidYouMean.of(text, names)
                .map(near -> "did you mean '" + near + "'?")
                .orElse(names.isEmpty() ? "there is none" : "expected one of " + String.join(", ", names));
        return new CommandFailure("node '" + text + "' does not exist, " + expected);
    }

    long incarnation() {
        return record.incarnation();
    }

    String name() {
        return record.info().name();
    }
}

package dev.architect.cli.node;

import dev.architect.Nodes;
import dev.architect.cli.launch.ExistingData;
import java.util.function.Function;
import picocli.CommandLine.Mixin;

/** Which store a command is about. */
final class NodeOptions {

    /** What an argument names a node by. */
    static final String NODE = "The name of a living node, or the number of an incarnation.";

    @Mixin
    private final ExistingData data = new ExistingData();

    /** Opens the store, which must be there, without becoming one of its nodes. */
    <T> T with(Function<Nodes, T> operation) {
        return data.operate(architect -> operation.apply(architect.nodes()));
    }
}

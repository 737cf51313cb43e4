package dev.architect.node;

import dev.architect.error.ArchitectException;

/** There is no living node with such a name or incarnation. */
public final class NodeNotFoundException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final String node;

    /**
     * Creates the exception.
     *
     * @param node the name or the incarnation that was looked up
     */
    public NodeNotFoundException(String node) {
        super("node '" + node + "' is not alive, expected the name or the incarnation of a living node");
        this.node = node;
    }

    /** The name or the incarnation that was looked up. */
    public String node() {
        return node;
    }
}

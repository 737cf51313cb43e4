package dev.architect.cluster;

import dev.architect.error.ArchitectException;

/** A node did not join, because another one that is alive has its name. Nothing has changed. */
public final class NodeNameTakenException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final String name;
    private final long incarnation;

    NodeNameTakenException(String name, long incarnation, String address) {
        super("node name is '" + name + "', expected one that no other node has: incarnation " + incarnation
                + (address.isEmpty() ? "" : " at " + address) + " keeps beating under it");
        this.name = name;
        this.incarnation = incarnation;
    }

    /** The name. */
    public String name() {
        return name;
    }

    /** The incarnation that has it. */
    public long incarnation() {
        return incarnation;
    }
}

package dev.architect.node;

import java.util.Optional;

/** A role that this node takes when it is free, and does the work of while it holds it. Safe for use by several threads. */
public interface RoleRegistration extends AutoCloseable {

    /** The name of the role. */
    String name();

    /** The role as this node holds it, by its own memory; empty while another node holds it, or none. Does not block. */
    Optional<NodeRole> held();

    /** Gives the role up, and takes it no more. Waits a second at most for a call of the work. Calling it twice does nothing more. */
    @Override
    void close();
}

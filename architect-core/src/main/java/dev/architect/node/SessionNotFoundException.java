package dev.architect.node;

import dev.architect.error.ArchitectException;

/** There is no session of such a name on a node, or the node does not live. */
public final class SessionNotFoundException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final long incarnation;
    private final String session;

    /**
     * Creates the exception.
     *
     * @param incarnation the run of the node that was looked at; 0 when this process is none
     * @param session the name that was looked up
     */
    public SessionNotFoundException(long incarnation, String session) {
        super("session '" + session + "' of node " + incarnation
                + " does not exist, expected the name of a session of a living node");
        this.incarnation = incarnation;
        this.session = session;
    }

    /** The run of the node that was looked at; 0 when this process is none. */
    public long incarnation() {
        return incarnation;
    }

    /** The name that was looked up. */
    public String session() {
        return session;
    }
}

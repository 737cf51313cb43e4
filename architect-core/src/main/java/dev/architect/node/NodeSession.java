package dev.architect.node;

import dev.architect.check.Check;
import dev.architect.task.SessionInfo;

/**
 * A session of any node that shares the store.
 *
 * @param incarnation the run of its node
 * @param node the name of its node
 * @param session the session as its node has saved it last, which may be a few seconds ago
 * @param state what it does; draining from when it is asked to, which its node may not have read yet
 */
public record NodeSession(long incarnation, String node, SessionInfo session, SessionState state) {

    /** Checks every field. */
    public NodeSession {
        Check.notNull("node", node);
        Check.notNull("session", session);
        Check.notNull("state", state);
    }
}

package dev.architect.store.jdbi.ledger;

import dev.architect.project.Attribution;

/** The API key of a call, which its user says: as {@link Attribution#key()} reads it, here from the text of a column. */
final class AgentKey {

    /** The condition on {@code ledger l} that a call has none. */
    static final String WITHOUT = " AND (l.user_id IS NULL OR l.user_id = '" + Attribution.AGENT
            + "' OR substr(l.user_id, 1, " + Attribution.AGENT.length() + ") <> '" + Attribution.AGENT + "')";

    private AgentKey() {}

    /** Returns the key of a user, stored or not; empty for one without. */
    static String of(String user) {
        return user.startsWith(Attribution.AGENT) ? user.substring(Attribution.AGENT.length()) : "";
    }

    /** Returns the user that has a key. */
    static String user(String key) {
        return Attribution.AGENT + key;
    }
}

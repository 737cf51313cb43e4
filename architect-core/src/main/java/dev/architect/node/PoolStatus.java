package dev.architect.node;

import dev.architect.check.Check;

/**
 * The session pools of one kind over all nodes that share the store.
 *
 * @param kind what their sessions are for
 * @param nodes how many nodes have sessions of the kind
 * @param sessions how many sessions there are
 * @param slots how many tasks they run at once
 * @param busy how many they run, as their nodes have saved it last
 */
public record PoolStatus(String kind, int nodes, int sessions, int slots, int busy) {

    /** Checks every field. */
    public PoolStatus {
        Check.notNull("kind", kind);
        Check.notNegative("nodes", nodes);
        Check.notNegative("sessions", sessions);
        Check.notNegative("slots", slots);
        Check.notNegative("busy", busy);
    }
}

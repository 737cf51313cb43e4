package dev.architect.node;

import dev.architect.check.Check;
import dev.architect.task.PoolLimits;
import java.util.Optional;

/**
 * What operators have set for the session pools of one kind, in place of what each node was configured with. Immutable; its {@code with} methods
 * return changed copies.
 *
 * @param kind what the sessions are for
 * @param version rises with each change; 0 when nothing was ever set
 * @param minSessions sessions that are always there on each node; empty for what the node was configured with
 * @param maxSessions the most sessions on each node; empty for what the node was configured with
 * @param slotsPerSession how many tasks one session runs at once; empty for what the node was configured with
 */
public record PoolSettings(
        String kind,
        long version,
        Optional<Integer> minSessions,
        Optional<Integer> maxSessions,
        Optional<Integer> slotsPerSession) {

    /** Checks every field, with the ranges of {@link PoolLimits}. */
    public PoolSettings {
        Check.notBlank("kind", kind);
        Check.notNegative("version", version);
        Check.notNull("minSessions", minSessions);
        Check.notNull("maxSessions", maxSessions);
        Check.notNull("slotsPerSession", slotsPerSession);
        int most = maxSessions.orElse(PoolLimits.MOST_SESSIONS);
        new PoolLimits(minSessions.orElse(1), most, slotsPerSession.orElse(1));
    }

    /** Nothing was ever set for a kind. */
    public static PoolSettings none(String kind) {
        return new PoolSettings(kind, 0, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Returns a copy with another minimum, or that of each node. */
    public PoolSettings withMinSessions(Optional<Integer> changed) {
        return new PoolSettings(kind, version, changed, maxSessions, slotsPerSession);
    }

    /** Returns a copy with another maximum, or that of each node. */
    public PoolSettings withMaxSessions(Optional<Integer> changed) {
        return new PoolSettings(kind, version, minSessions, changed, slotsPerSession);
    }

    /** Returns a copy with another number of slots, or that of each node. */
    public PoolSettings withSlotsPerSession(Optional<Integer> changed) {
        return new PoolSettings(kind, version, minSessions, maxSessions, changed);
    }

    /** Whether nothing is set. */
    public boolean isEmpty() {
        return minSessions.isEmpty() && maxSessions.isEmpty() && slotsPerSession.isEmpty();
    }

    /** Returns the limits of a node that was configured with {@code own}. A minimum above the maximum counts as the maximum, and the other way round. */
    public PoolLimits applyTo(PoolLimits own) {
        Check.notNull("own", own);
        int most = maxSessions.orElse(Math.max(own.maxSessions(), minSessions.orElse(1)));
        int least = Math.min(most, minSessions.orElse(own.minSessions()));
        return new PoolLimits(least, most, slotsPerSession.orElse(own.slotsPerSession()));
    }
}

package dev.architect.task;

import dev.architect.check.Check;

/**
 * How large a session pool may be.
 *
 * @param minSessions sessions that are always there, 1 to {@code maxSessions}
 * @param maxSessions the most sessions, up to 100
 * @param slotsPerSession how many tasks one session runs at once, 1 to 128
 */
public record PoolLimits(int minSessions, int maxSessions, int slotsPerSession) {

    /** 2 to 10 sessions of 128 tasks each. */
    public static final PoolLimits DEFAULT = new PoolLimits(2, 10, 128);

    /** The most sessions of a pool. */
    public static final int MOST_SESSIONS = 100;

    /** The most tasks that one session runs at once. */
    public static final int MOST_SLOTS = 128;

    /** Checks the limits. */
    public PoolLimits {
        Check.range("maxSessions", maxSessions, 1, MOST_SESSIONS);
        Check.range("minSessions", minSessions, 1, maxSessions);
        Check.range("slotsPerSession", slotsPerSession, 1, MOST_SLOTS);
    }
}

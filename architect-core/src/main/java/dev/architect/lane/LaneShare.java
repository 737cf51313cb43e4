package dev.architect.lane;

import dev.architect.check.Check;

/**
 * How many tasks of a lane a node can take at the moment.
 *
 * @param limit 0 or more
 */
public record LaneShare(Lane lane, int limit) {

    /** Checks every field. */
    public LaneShare {
        Check.notNull("lane", lane);
        Check.range("limit", limit, 0, Integer.MAX_VALUE);
    }
}

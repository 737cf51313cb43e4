package dev.architect.recurring;

import dev.architect.check.Check;

/**
 * What becomes of instants at which no node was there to fire. One that is fired at most {@link Schedule#GRACE} late was not missed.
 *
 * @param policy what is done
 * @param limit how many missed instants are fired at most; 0 for none, 1 for the last one
 */
public record CatchUp(Policy policy, int limit) {

    /** The most missed instants that are fired. */
    public static final int MAX_LIMIT = 1_000;

    /** Missed instants are passed over. */
    public static final CatchUp NONE = new CatchUp(Policy.NONE, 0);

    /** The last of the missed instants is fired, unless one that was not missed is. */
    public static final CatchUp LAST = new CatchUp(Policy.LAST, 1);

    /** What is done. */
    public enum Policy {
        /** Nothing. */
        NONE,
        /** The last one is fired. */
        LAST,
        /** The last ones are fired, up to a limit. */
        ALL
    }

    /** Checks every field. */
    public CatchUp {
        switch (Check.notNull("catchUp", policy)) {
            case NONE -> Check.range("catchUpLimit", limit, 0, 0);
            case LAST -> Check.range("catchUpLimit", limit, 1, 1);
            case ALL -> Check.range("catchUpLimit", limit, 1, MAX_LIMIT);
        }
    }

    /** The last {@code limit} of the missed instants are fired. */
    public static CatchUp all(int limit) {
        return new CatchUp(Policy.ALL, limit);
    }
}

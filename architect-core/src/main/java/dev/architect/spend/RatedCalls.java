package dev.architect.spend;

import dev.architect.check.Check;

/**
 * How many calls of a group another rating changes.
 *
 * @param all every call of the group
 * @param changed those of which the amount, or how it is known, is another one
 * @param newlyPriced those that had no price and have one now
 * @param newlyUnpriced those that had a price and have none now
 * @param unpriced those that have no price now
 */
public record RatedCalls(long all, long changed, long newlyPriced, long newlyUnpriced, long unpriced) {

    /** Checks every number. */
    public RatedCalls {
        Check.notNegative("all", all);
        Check.notNegative("changed", changed);
        Check.notNegative("newlyPriced", newlyPriced);
        Check.notNegative("newlyUnpriced", newlyUnpriced);
        Check.notNegative("unpriced", unpriced);
    }

    /** Returns the numbers of both groups together; an {@link ArithmeticException} when one would overflow. */
    public RatedCalls plus(RatedCalls other) {
        Check.notNull("other", other);
        return new RatedCalls(
                Math.addExact(all, other.all),
                Math.addExact(changed, other.changed),
                Math.addExact(newlyPriced, other.newlyPriced),
                Math.addExact(newlyUnpriced, other.newlyUnpriced),
                Math.addExact(unpriced, other.unpriced));
    }
}

package dev.architect.spend;

import dev.architect.check.Check;

/**
 * What another rating makes of the calls of one group.
 *
 * @param group the value that they have in common; empty for calls without one, and for all calls
 * @param calls how many it changes
 * @param money what they cost, and would have cost
 */
public record RatedSpend(String group, RatedCalls calls, RatedMoney money) {

    /** Checks every field. */
    public RatedSpend {
        Check.notNull("group", group);
        Check.notNull("calls", calls);
        Check.notNull("money", money);
    }

    /** Returns the sums of both, as those of this group. */
    public RatedSpend plus(RatedSpend other) {
        Check.notNull("other", other);
        return new RatedSpend(group, calls.plus(other.calls), money.plus(other.money));
    }
}

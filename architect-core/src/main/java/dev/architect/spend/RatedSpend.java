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
}

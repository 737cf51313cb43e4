package dev.architect.cost;

import dev.architect.check.Check;

/**
 * What the calls of one group did and cost in a period.
 *
 * @param group the value that they have in common; empty for calls without a user
 * @param requests accepted requests: direct ones, and tasks whose attempt succeeded
 * @param calls how many calls of each kind there were
 * @param tokens what they used
 * @param cost what they cost
 */
public record GroupSpend(String group, long requests, CallCounts calls, TokenTotals tokens, CostTotals cost) {

    /** Checks every field. */
    public GroupSpend {
        Check.notNull("group", group);
        Check.notNegative("requests", requests);
        Check.notNull("calls", calls);
        Check.notNull("tokens", tokens);
        Check.notNull("cost", cost);
    }
}

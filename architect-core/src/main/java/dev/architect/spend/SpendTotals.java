package dev.architect.spend;

import dev.architect.check.Check;
import dev.architect.cost.CallCounts;
import dev.architect.cost.CostTotals;
import dev.architect.cost.GroupSpend;
import dev.architect.cost.TokenTotals;
import java.util.Collection;

/**
 * What some calls did and cost together.
 *
 * @param requests accepted requests: direct ones, and tasks whose attempt succeeded
 * @param calls how many calls of each kind there were
 * @param tokens what they used
 * @param cost what they cost
 */
public record SpendTotals(long requests, CallCounts calls, TokenTotals tokens, CostTotals cost) {

    /** No calls. */
    public static final SpendTotals ZERO =
            new SpendTotals(0, new CallCounts(0, 0, 0, 0), new TokenTotals(0, 0), CostTotals.ZERO);

    /** Checks every field. */
    public SpendTotals {
        Check.notNegative("requests", requests);
        Check.notNull("calls", calls);
        Check.notNull("tokens", tokens);
        Check.notNull("cost", cost);
    }

    /** Returns the totals of one group. */
    public static SpendTotals of(GroupSpend group) {
        Check.notNull("group", group);
        return new SpendTotals(group.requests(), group.calls(), group.tokens(), group.cost());
    }

    /** Returns the totals of all groups together. */
    public static SpendTotals sum(Collection<GroupSpend> groups) {
        return Check.noNulls("groups", groups).stream().map(SpendTotals::of).reduce(ZERO, SpendTotals::plus);
    }

    /** Returns these totals as those of a group with that value. */
    public GroupSpend as(String value) {
        return new GroupSpend(Check.notNull("value", value), requests, calls, tokens, cost);
    }

    /** Returns the sum of both; an {@link ArithmeticException} when a number of calls or tokens would overflow. */
    public SpendTotals plus(SpendTotals other) {
        Check.notNull("other", other);
        return new SpendTotals(
                Math.addExact(requests, other.requests),
                new CallCounts(
                        Math.addExact(calls.all(), other.calls.all()),
                        Math.addExact(calls.failed(), other.calls.failed()),
                        Math.addExact(calls.failovers(), other.calls.failovers()),
                        Math.addExact(calls.unpriced(), other.calls.unpriced())),
                new TokenTotals(
                        Math.addExact(tokens.input(), other.tokens.input()),
                        Math.addExact(tokens.output(), other.tokens.output())),
                cost.plus(other.cost));
    }
}

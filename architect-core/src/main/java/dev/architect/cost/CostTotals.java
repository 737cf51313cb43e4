package dev.architect.cost;

import dev.architect.check.Check;

/**
 * The money of a period.
 *
 * @param exact the sum of exact and stated costs
 * @param estimated the sum of estimated costs
 * @param baseline what the accepted requests would have cost on the baseline model
 */
public record CostTotals(MoneyTotal exact, MoneyTotal estimated, MoneyTotal baseline) {

    /** Nothing was spent. */
    public static final CostTotals ZERO = new CostTotals(MoneyTotal.ZERO, MoneyTotal.ZERO, MoneyTotal.ZERO);

    /** Checks that every sum is there. */
    public CostTotals {
        Check.notNull("exact", exact);
        Check.notNull("estimated", estimated);
        Check.notNull("baseline", baseline);
    }

    /** The sum of exact and estimated costs. */
    public MoneyTotal spent() {
        return exact.plus(estimated);
    }

    /** Returns the sum of both. */
    public CostTotals plus(CostTotals other) {
        Check.notNull("other", other);
        return new CostTotals(exact.plus(other.exact), estimated.plus(other.estimated), baseline.plus(other.baseline));
    }
}

package dev.architect.job.ledger;

import dev.architect.check.Check;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.spend.SpendFilter;

/**
 * What a job rates anew.
 *
 * @param reason why, for those who read the report; 1 to {@value #MAX_REASON} characters
 * @param prices by which prices
 * @param dimension what the report is grouped by
 * @param filter which calls
 * @param period those that began in it
 */
public record RerateRequest(
        String reason, OtherPrices prices, SpendDimension dimension, SpendFilter filter, ReportPeriod.Between period) {

    /** The most characters of a reason. */
    public static final int MAX_REASON = 500;

    /** Checks every field. */
    public RerateRequest {
        Check.atMost("reason", Check.notBlank("reason", reason), MAX_REASON);
        Check.notNull("prices", prices);
        Check.notNull("dimension", dimension);
        Check.notNull("filter", filter);
        Check.notNull("period", period);
    }

    RerateRequest with(OtherPrices changed, ReportPeriod.Between changedPeriod) {
        return new RerateRequest(reason, changed, dimension, filter, changedPeriod);
    }
}

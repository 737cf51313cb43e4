package dev.architect.spend;

import dev.architect.check.Check;
import java.time.Instant;

/**
 * What the calls of one minute, hour or day did and cost.
 *
 * @param begin when the minute, hour or day begins; a report may cover a part of it only
 * @param totals of the calls that began in it, within the period of the report
 */
public record SpendBucket(Instant begin, SpendTotals totals) {

    /** Checks both. */
    public SpendBucket {
        Check.notNull("begin", begin);
        Check.notNull("totals", totals);
    }
}

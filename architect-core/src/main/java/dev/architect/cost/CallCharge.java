package dev.architect.cost;

import dev.architect.check.Check;
import java.util.Optional;

/**
 * What a call cost.
 *
 * @param cost the money for its usage
 * @param computed our own computation where the provider stated the cost; else empty
 * @param baseline what the same usage would have cost on the baseline model; only for answered calls, else not billed
 * @param catalogueVersion names the prices that were used
 */
public record CallCharge(Cost cost, Optional<Money> computed, Cost baseline, String catalogueVersion) {

    /** Checks every field. */
    public CallCharge {
        Check.notNull("cost", cost);
        Check.notNull("computed", computed);
        Check.notNull("baseline", baseline);
        Check.notNull("catalogueVersion", catalogueVersion);
    }
}

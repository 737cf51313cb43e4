package dev.architect.cost;

import dev.architect.check.Check;
import java.time.Duration;

/**
 * How long answered calls took.
 *
 * @param p50 the median, zero when there were no calls
 * @param p95 what 95 % of the calls did not exceed
 */
public record LatencyQuantiles(Duration p50, Duration p95) {

    /** Checks both. */
    public LatencyQuantiles {
        Check.notNegative("p50", p50);
        Check.notNegative("p95", p95);
    }
}

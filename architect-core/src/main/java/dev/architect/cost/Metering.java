package dev.architect.cost;

import dev.architect.check.Check;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;

/**
 * What a call used, and how that is known.
 *
 * @param usage the disjoint counts
 * @param source whether the provider reported them or some are estimates
 */
public record Metering(TokenUsage usage, UsageSource source) {

    /** Checks both. */
    public Metering {
        Check.notNull("usage", usage);
        Check.notNull("source", source);
    }
}

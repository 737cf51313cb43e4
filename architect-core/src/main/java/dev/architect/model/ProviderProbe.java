package dev.architect.model;

import dev.architect.check.Check;
import java.time.Duration;

/**
 * What asking a provider whether it serves calls has shown.
 *
 * @param health what it answered
 * @param latency how long that took; not negative
 */
public record ProviderProbe(ProviderHealth health, Duration latency) {

    /** Checks both. */
    public ProviderProbe {
        Check.notNull("health", health);
        if (Check.notNull("latency", latency).isNegative()) {
            throw new IllegalArgumentException("latency is " + latency + ", expected zero or more");
        }
    }
}

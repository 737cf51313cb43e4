package dev.architect.cost;

import dev.architect.check.Check;

/**
 * What one provider did and cost in a period.
 *
 * @param provider its name
 * @param requests accepted requests that this provider answered: direct ones, and tasks whose attempt succeeded
 * @param calls how many calls of each kind there were
 * @param tokens what they used
 * @param cost what they cost
 * @param latency how long answered calls took
 */
public record ProviderSpend(
        String provider,
        long requests,
        CallCounts calls,
        TokenTotals tokens,
        CostTotals cost,
        LatencyQuantiles latency) {

    /** Checks every field. */
    public ProviderSpend {
        Check.notBlank("provider", provider);
        Check.notNegative("requests", requests);
        Check.notNull("calls", calls);
        Check.notNull("tokens", tokens);
        Check.notNull("cost", cost);
        Check.notNull("latency", latency);
    }
}

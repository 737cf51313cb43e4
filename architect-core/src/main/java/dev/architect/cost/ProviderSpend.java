package dev.architect.cost;

import java.time.Duration;

/**
 * What one provider did and cost in a period.
 *
 * @param provider its name
 * @param calls all calls, failed and cancelled ones included
 * @param failedCalls calls that ended with a failure
 * @param failovers answered calls that stood in for a failed call of the same request
 * @param requests accepted requests that this provider answered: direct ones, and tasks whose attempt succeeded
 * @param inputTokens all prompt tokens, cached ones included
 * @param outputTokens all produced tokens
 * @param exact the sum of exact and stated costs
 * @param estimated the sum of estimated costs
 * @param unpricedCalls calls without an amount
 * @param baseline what the accepted requests would have cost on the baseline model
 * @param p50 the median duration of answered calls, zero when there were none
 * @param p95 the duration that 95 % of the answered calls did not exceed
 */
public record ProviderSpend(
        String provider,
        long calls,
        long failedCalls,
        long failovers,
        long requests,
        long inputTokens,
        long outputTokens,
        MoneyTotal exact,
        MoneyTotal estimated,
        long unpricedCalls,
        MoneyTotal baseline,
        Duration p50,
        Duration p95) {

    /** The sum of exact and estimated costs. */
    public MoneyTotal total() {
        return exact.plus(estimated);
    }
}

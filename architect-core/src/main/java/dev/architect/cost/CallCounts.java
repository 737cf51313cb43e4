package dev.architect.cost;

/**
 * How many calls of each kind a provider had in a period.
 *
 * @param all all calls, failed and cancelled ones included
 * @param failed calls that ended with a failure
 * @param failovers answered calls that replaced a failed call of another candidate of the same request
 * @param unpriced calls without an amount
 */
public record CallCounts(long all, long failed, long failovers, long unpriced) {}

package dev.architect.quota;

/**
 * Units of a quota that were used at some time.
 *
 * @param atMicros when, in microseconds since 1970 by the clock of the store
 * @param units how many; less than zero for units that were reserved then and not needed after all
 */
public record QuotaUse(long atMicros, long units) {}

package dev.architect.cost;

/**
 * The tokens of a period.
 *
 * @param input all prompt tokens, cached ones included
 * @param output all produced tokens
 */
public record TokenTotals(long input, long output) {}

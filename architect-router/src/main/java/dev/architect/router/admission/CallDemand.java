package dev.architect.router.admission;

/**
 * What a call will probably take of a provider's rate limits.
 *
 * @param promptTokens tokens of its prompt, zero or more
 * @param answerTokens tokens of its answer, zero or more
 */
public record CallDemand(long promptTokens, long answerTokens) {

    /** A request whose size does not matter. */
    public static final CallDemand LEAST = new CallDemand(0, 0);
}

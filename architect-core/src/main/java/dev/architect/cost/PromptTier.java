package dev.architect.cost;

import dev.architect.check.Check;

/**
 * The sizes of a whole prompt (cached tokens included) that a price row is for.
 *
 * @param tokens the threshold in tokens
 * @param bound whether the threshold itself belongs to this tier
 */
public record PromptTier(long tokens, Bound bound) {

    /** Every prompt. */
    public static final PromptTier ANY = new PromptTier(0, Bound.FROM);

    /** Whether the threshold itself belongs to a tier. */
    public enum Bound {
        /** The threshold and everything larger. */
        FROM,
        /** Only what is larger than the threshold. */
        ABOVE
    }

    /** Checks that the threshold is not negative. */
    public PromptTier {
        Check.notNull("bound", bound);
        Check.notNegative("tokens", tokens);
    }

    /** Whether a prompt of that size belongs to this tier. */
    public boolean covers(long promptTokens) {
        return bound == Bound.FROM ? promptTokens >= tokens : promptTokens > tokens;
    }
}

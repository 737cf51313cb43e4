package dev.architect.router.policy;

import dev.architect.model.ModelId;
import java.util.OptionalInt;

/**
 * What the policy holds about one model.
 *
 * @param id the model
 * @param quality how good its answers are, 0 to 100
 * @param maxConcurrent the largest number of calls to it at the same time, at least 1
 * @param contextTokens its context window: prompt and answer together, at least 1
 * @param expectedOutputTokens tokens of its usual answer, for estimates; empty uses a value by complexity
 * @param isEnabled whether it may answer at all
 */
public record ModelPolicy(
        ModelId id,
        int quality,
        int maxConcurrent,
        int contextTokens,
        OptionalInt expectedOutputTokens,
        boolean isEnabled) {

    /** Checks every number. */
    public ModelPolicy {
        PolicyChecks.range("quality", quality, 0, RoutingPolicy.MAX_QUALITY);
        PolicyChecks.range("maxConcurrent", maxConcurrent, 1, Integer.MAX_VALUE);
        PolicyChecks.range("contextTokens", contextTokens, 1, Integer.MAX_VALUE);
        expectedOutputTokens.ifPresent(
                tokens -> PolicyChecks.range("expectedOutputTokens", tokens, 1, Integer.MAX_VALUE));
    }
}

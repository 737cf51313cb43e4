package dev.architect.model;

import dev.architect.check.Check;
import java.util.Optional;

/**
 * What a provider lists about one of its models.
 *
 * @param id the provider's own id
 * @param contextTokens the most tokens of prompt and answer, or of the prompt alone, as the vendor counts; empty when not given
 * @param maxOutputTokens the most tokens of an answer; empty when not given
 * @param state where it is
 */
public record ModelInfo(String id, Optional<Long> contextTokens, Optional<Long> maxOutputTokens, ModelState state) {

    /** Checks the id. */
    public ModelInfo {
        Check.notBlank("id", id);
        Check.notNull("contextTokens", contextTokens);
        Check.notNull("maxOutputTokens", maxOutputTokens);
        Check.notNull("state", state);
    }

    /** Returns a hosted model of which nothing else is known. */
    public static ModelInfo hosted(String id) {
        return new ModelInfo(id, Optional.empty(), Optional.empty(), ModelState.HOSTED);
    }
}

package dev.architect.model;

import dev.architect.check.Check;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a provider says about one of its models.
 *
 * @param id the provider's own id
 * @param contextTokensOrNull the most tokens of prompt and answer, or of the prompt alone, as the vendor counts; null when not said
 * @param maxOutputTokensOrNull the most tokens of an answer; null when not said
 * @param state where it is
 */
public record ModelInfo(
        String id,
        @Nullable Long contextTokensOrNull,
        @Nullable Long maxOutputTokensOrNull,
        ModelState state) {

    /** Checks the id. */
    public ModelInfo {
        Check.notBlank("id", id);
    }

    /** Returns a hosted model of which nothing else is known. */
    public static ModelInfo hosted(String id) {
        return new ModelInfo(id, null, null, ModelState.HOSTED);
    }

    /** The most tokens of prompt and answer. */
    public OptionalLong contextTokens() {
        return contextTokensOrNull == null ? OptionalLong.empty() : OptionalLong.of(contextTokensOrNull);
    }

    /** The most tokens of an answer. */
    public OptionalLong maxOutputTokens() {
        return maxOutputTokensOrNull == null ? OptionalLong.empty() : OptionalLong.of(maxOutputTokensOrNull);
    }
}

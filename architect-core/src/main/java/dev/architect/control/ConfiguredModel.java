package dev.architect.control;

import dev.architect.check.Check;
import dev.architect.model.ModelId;

/**
 * A model of the policy that is in force.
 *
 * @param id the model
 * @param isEnabled whether it may answer
 * @param quality how good its answers are, 0 to 100
 * @param maxConcurrent the most calls to it at the same time, at least 1
 * @param contextTokens its context window, at least 1
 */
public record ConfiguredModel(ModelId id, boolean isEnabled, int quality, int maxConcurrent, int contextTokens) {

    /** Checks the model. */
    public ConfiguredModel {
        Check.notNull("id", id);
    }
}

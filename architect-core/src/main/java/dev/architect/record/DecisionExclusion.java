package dev.architect.record;

import dev.architect.check.Check;
import dev.architect.model.ModelId;
import dev.architect.route.ExclusionReason;

/**
 * A model that could not have answered a request.
 *
 * @param model the model
 * @param reason why
 */
public record DecisionExclusion(ModelId model, ExclusionReason reason) {

    /** Checks both. */
    public DecisionExclusion {
        Check.notNull("model", model);
        Check.notNull("reason", reason);
    }
}

package dev.architect.record;

import dev.architect.check.Check;
import dev.architect.cost.Money;
import dev.architect.model.ModelId;
import java.util.Optional;

/**
 * A model that could have answered a request.
 *
 * @param model the model
 * @param quality its quality in the policy, 0 to 100
 * @param promptTokens the tokens of the prompt on it, counted or estimated
 * @param answerTokens the tokens of the answer that were expected
 * @param estimate what that would have cost; empty when it had no known price
 */
public record DecisionCandidate(
        ModelId model, int quality, long promptTokens, long answerTokens, Optional<Money> estimate) {

    /** Checks every field. */
    public DecisionCandidate {
        Check.notNull("model", model);
        Check.notNegative("promptTokens", promptTokens);
        Check.notNegative("answerTokens", answerTokens);
        Check.notNull("estimate", estimate);
    }
}

package dev.architect.record;

import dev.architect.chat.AnswerVerdict;
import dev.architect.check.Check;
import dev.architect.cost.Money;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.util.Optional;

/**
 * What came of a request.
 *
 * @param outcome how it ended
 * @param failure what its last call failed with; empty when it was answered, or no call was made
 * @param answered the model that answered, as the provider names it; empty when none did
 * @param position the place of the candidate that answered, 0 for the first choice; -1 when none did
 * @param calls how many calls were made
 * @param unpricedCalls how many of them have no known price
 * @param usage what the answering call used; unknown when there was none
 * @param cost what the answering call cost; empty when there was none, or without a known price
 * @param spent what all calls cost, those without a price left out
 * @param latency from the request to its end
 * @param verdict what checkers said of the answer
 */
public record DecisionResult(
        DecisionOutcome outcome,
        Optional<FailureKind> failure,
        Optional<ModelId> answered,
        int position,
        int calls,
        int unpricedCalls,
        TokenUsage usage,
        Optional<Money> cost,
        Money spent,
        Duration latency,
        AnswerVerdict verdict) {

    /** Checks every field. */
    public DecisionResult {
        Check.notNull("outcome", outcome);
        Check.notNull("failure", failure);
        Check.notNull("answered", answered);
        Check.range("position", position, -1, Integer.MAX_VALUE);
        Check.notNegative("calls", calls);
        Check.notNegative("unpricedCalls", unpricedCalls);
        Check.notNull("usage", usage);
        Check.notNull("cost", cost);
        Check.notNull("spent", spent);
        Check.notNegative("latency", latency);
        Check.notNull("verdict", verdict);
    }
}

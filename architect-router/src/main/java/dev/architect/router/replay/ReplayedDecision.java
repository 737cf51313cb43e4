package dev.architect.router.replay;

import dev.architect.cost.Money;
import dev.architect.model.ModelId;
import java.util.Optional;

/**
 * One recorded request under another policy.
 *
 * @param requestId the request
 * @param recorded the model that was called and answered; empty when none did
 * @param chosen the first choice of the other policy; empty when none of its models may answer
 * @param recordedCost the cost of the answering call; empty without an answer, or without a known price
 * @param replayedCost what its usage costs on the chosen model; empty when that is not known
 */
public record ReplayedDecision(
        String requestId,
        Optional<ModelId> recorded,
        Optional<ModelId> chosen,
        Optional<Money> recordedCost,
        Optional<Money> replayedCost) {

    /** Whether both costs are known. */
    public boolean isCompared() {
        return recordedCost.isPresent() && replayedCost.isPresent();
    }

    /** Whether an answered request would have gone to another model, or to none. */
    public boolean isChanged() {
        return recorded.isPresent() && !recorded.equals(chosen);
    }
}

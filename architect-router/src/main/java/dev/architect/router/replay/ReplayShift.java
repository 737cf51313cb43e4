package dev.architect.router.replay;

import dev.architect.cost.MoneyTotal;
import dev.architect.model.ModelId;
import java.util.Optional;

/**
 * The answered requests that one model was called for and that another policy would send to the same other model.
 *
 * @param recorded the model that was called and answered
 * @param chosen the first choice of the other policy; empty when none of its models may answer
 * @param requests how many there are
 * @param compared how many of them are in the sums
 * @param recordedCost what the compared ones have cost
 * @param replayedCost what they would have cost
 */
public record ReplayShift(
        ModelId recorded,
        Optional<ModelId> chosen,
        long requests,
        long compared,
        MoneyTotal recordedCost,
        MoneyTotal replayedCost) {

    /** What the compared requests would have cost more; negative when less. */
    public MoneyTotal delta() {
        return replayedCost.minus(recordedCost);
    }
}

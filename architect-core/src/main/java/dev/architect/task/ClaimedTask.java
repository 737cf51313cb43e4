package dev.architect.task;

import dev.architect.check.Check;
import java.time.Duration;

/**
 * A task that a node has just claimed.
 *
 * @param fencingToken proves the claim
 * @param request what to do
 * @param attempt which try this is, from 1
 * @param cancelRequested whether its cancellation was already requested
 * @param waited the time from becoming ready to this claim
 * @param history what earlier claims of it came to
 */
public record ClaimedTask(
        FencingToken fencingToken,
        TaskRequest request,
        int attempt,
        boolean cancelRequested,
        Duration waited,
        ClaimHistory history) {

    /** Checks every field. */
    public ClaimedTask {
        Check.notNull("fencingToken", fencingToken);
        Check.notNull("request", request);
        Check.notNull("waited", waited);
        Check.notNull("history", history);
    }
}

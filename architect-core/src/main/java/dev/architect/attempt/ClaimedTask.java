package dev.architect.attempt;

import dev.architect.check.Check;
import dev.architect.task.TaskRequest;
import java.time.Duration;
import java.util.Optional;

/**
 * A task that a node has just claimed.
 *
 * @param fencingToken proves the claim
 * @param request what to do
 * @param attempt which try this is, from 1
 * @param cancelRequested whether its cancellation was already requested
 * @param input what it was last resumed with, at most 1,000,000 characters; empty when it never was with an input
 * @param waited the time from becoming ready to this claim
 * @param history what earlier claims of it came to
 */
public record ClaimedTask(
        FencingToken fencingToken,
        TaskRequest request,
        int attempt,
        boolean cancelRequested,
        Optional<String> input,
        Duration waited,
        ClaimHistory history) {

    /** Checks every field. */
    public ClaimedTask {
        Check.notNull("fencingToken", fencingToken);
        Check.notNull("request", request);
        Check.notNull("input", input);
        Check.notNull("waited", waited);
        Check.notNull("history", history);
    }

    /** Shows everything but the input. */
    @Override
    public String toString() {
        return "ClaimedTask[" + fencingToken + ", " + request + ", attempt " + attempt + ", waited " + waited + ", "
                + history + "]";
    }
}

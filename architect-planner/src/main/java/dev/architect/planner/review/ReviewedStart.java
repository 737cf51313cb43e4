package dev.architect.planner.review;

import dev.architect.planner.approval.Action;
import dev.architect.planner.approval.Decision;
import dev.architect.planner.check.ArgumentCheck;
import dev.architect.review.Review;
import java.util.Optional;

/**
 * The permission to do an action now.
 *
 * @param action what may be done: what was asked, or what a person has put in its place
 * @param decision what the rules have decided
 * @param review the approval that was used for it; empty when the rules allow it
 */
public record ReviewedStart(Action action, Decision decision, Optional<Review> review) {

    /** Checks that all are there. */
    public ReviewedStart {
        ArgumentCheck.notNull("action", action);
        ArgumentCheck.notNull("decision", decision);
        ArgumentCheck.notNull("review", review);
    }
}

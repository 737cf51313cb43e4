package dev.architect.review;

import dev.architect.check.Check;
import java.time.Duration;
import java.util.Optional;

/**
 * What was decided.
 *
 * @param choice the decision
 * @param actor who made it
 * @param comment why, for the requester; the answer to a question; may be empty
 * @param edited what may be done in place of what was asked; empty for the same
 * @param rule the id of the rule that was made; empty for none
 * @param took how long the person has looked at it; empty when unknown
 */
public record ReviewOutcome(
        ReviewChoice choice,
        String actor,
        String comment,
        Optional<ReviewedAction> edited,
        Optional<String> rule,
        Optional<Duration> took) {

    /** Checks that all are there. */
    public ReviewOutcome {
        Check.notNull("choice", choice);
        Check.notNull("actor", actor);
        Check.notNull("comment", comment);
        Check.notNull("edited", edited);
        Check.notNull("rule", rule);
        Check.notNull("took", took);
    }
}

package dev.architect.review;

import dev.architect.check.Check;
import java.util.Optional;

/**
 * Judges decisions that reach beyond what was asked: another action in its place, and rules that are made from it. Called before anything is
 * changed, by the thread of whoever decides; safe for use by several threads.
 */
@FunctionalInterface
public interface ReviewGuard {

    /**
     * Judges a decision of the kind {@code EDIT}, {@code SESSION} or {@code RULE}.
     *
     * @return the decision, with the edited action in its canonical form, and the rule that is to be made
     * @throws ReviewRefusedException when a rule denies the edited action, or no rule can be made
     * @throws IllegalArgumentException when the edited action or the rule cannot be read
     */
    Judged judge(Review review, ReviewDecision decision);

    /**
     * A decision that was judged.
     *
     * @param decision the decision
     * @param rule the rule that is made from it; empty for none
     */
    record Judged(ReviewDecision decision, Optional<StoredRule> rule) {

        /** Checks that both are there. */
        public Judged {
            Check.notNull("decision", decision);
            Check.notNull("rule", rule);
        }
    }
}

package dev.architect.router.bandit;

import dev.architect.choice.LearnedChoice;
import dev.architect.model.ModelId;
import dev.architect.record.DecisionRecord;
import dev.architect.record.Feedback;
import java.util.Objects;
import java.util.Optional;

/**
 * A choice that was made, and what it brought.
 *
 * @param kind the kind of request, such as its complexity
 * @param chosen the model that was chosen
 * @param propensity the probability with which it was, above 0 to 1
 * @param reward what it brought
 */
public record LoggedDecision(String kind, ModelId chosen, double propensity, double reward) {

    /** Checks every field. */
    public LoggedDecision {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(chosen, "chosen");
        // Also false for NaN.
        if (!(propensity > 0 && propensity <= 1)) {
            throw new IllegalArgumentException("propensity is " + propensity + ", expected above 0.0 to 1.0");
        }
        if (!Double.isFinite(reward)) {
            throw new IllegalArgumentException("reward is " + reward + ", expected a finite number");
        }
    }

    /** Returns what a record tells; empty for a decision without a learned choice, or without feedback. Its kind is its complexity. */
    public static Optional<LoggedDecision> of(DecisionRecord decision, BanditSettings settings) {
        Optional<LearnedChoice> choice = decision.choice();
        Optional<Feedback> feedback = decision.feedback();
        if (choice.isEmpty() || feedback.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new LoggedDecision(
                decision.features().complexity().name(),
                choice.get().chosen(),
                choice.get().propensity(),
                settings.reward(
                        feedback.get().score(),
                        decision.result().spent(),
                        decision.result().latency())));
    }
}

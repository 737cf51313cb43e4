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
 * @param kind the kind of request
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

    /** The kind of requests whose prompt leans to the strong model. */
    public static final String STRONG_KIND = "strong";

    /** The kind of requests whose prompt leans to the cheap model. */
    public static final String CHEAP_KIND = "cheap";

    /**
     * Returns what a record tells; empty without feedback, and for a decision in which chance had no part: it says nothing about other ways to
     * choose. Its kind is that to which the prompt leans.
     */
    public static Optional<LoggedDecision> of(DecisionRecord decision, BanditSettings settings) {
        Optional<LearnedChoice> choice = decision.choice();
        Optional<Feedback> feedback = decision.feedback();
        if (choice.isEmpty() || feedback.isEmpty() || choice.get().propensity() >= 1) {
            return Optional.empty();
        }
        return Optional.of(new LoggedDecision(
                choice.get().score() >= choice.get().threshold() ? STRONG_KIND : CHEAP_KIND,
                choice.get().chosen(),
                choice.get().propensity(),
                settings.reward(
                        feedback.get().score(),
                        decision.result().spent(),
                        decision.result().latency())));
    }
}

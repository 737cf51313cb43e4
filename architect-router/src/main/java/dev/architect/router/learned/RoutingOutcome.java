package dev.architect.router.learned;

import java.util.Optional;

/**
 * A prompt, and how good the answers of a strong and of a weak model were.
 *
 * @param prompt the text
 * @param strong the quality of the strong model's answer, 0 to 1
 * @param weak the quality of the weak model's answer, 0 to 1
 * @param group what kind of prompt it is, such as a subject; empty when it is not stated
 * @param weakAnswer what the weak model answered; empty when it was not kept
 */
public record RoutingOutcome(
        String prompt, double strong, double weak, Optional<String> group, Optional<String> weakAnswer) {

    /** Checks the qualities. */
    public RoutingOutcome {
        ModelChecks.notNull("prompt", prompt);
        ModelChecks.notNull("group", group);
        ModelChecks.notNull("weakAnswer", weakAnswer);
        quality("strong", strong);
        quality("weak", weak);
    }

    /** Creates an outcome without a group and without the answer. */
    public static RoutingOutcome of(String prompt, double strong, double weak) {
        return new RoutingOutcome(prompt, strong, weak, Optional.empty(), Optional.empty());
    }

    /** What the strong model gains here, -1 to 1. */
    public double gain() {
        return strong - weak;
    }

    private static void quality(String field, double value) {
        // Also false for NaN.
        if (!(value >= 0 && value <= 1)) {
            throw new LearnedModelException(field, Double.toString(value), "0 to 1");
        }
    }
}

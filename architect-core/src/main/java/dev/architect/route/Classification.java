package dev.architect.route;

import dev.architect.check.Check;
import dev.architect.model.Complexity;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How complex a prompt is, and why.
 *
 * @param complexity the class
 * @param score the points behind it, 0 or more; larger is more complex
 * @param signals what changed the score; empty when nothing calls for more than a short answer
 */
public record Classification(Complexity complexity, int score, List<ComplexitySignal> signals) {

    /** Copies the signals and checks every field. */
    public Classification {
        Check.notNull("complexity", complexity);
        signals = List.copyOf(Check.noNulls("signals", signals));
    }

    /** Renders what gave points, in English and without text of the prompt, for example {@code 2 questions (+1)}. */
    public String explanation() {
        return signals.isEmpty()
                ? "nothing that asks for more than a short answer"
                : signals.stream().map(ComplexitySignal::reason).collect(Collectors.joining(", "));
    }
}

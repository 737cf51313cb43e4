package dev.architect.route;

import dev.architect.model.Complexity;
import java.util.List;

/**
 * How complex a prompt is, and why.
 *
 * @param complexity the class
 * @param score the points behind it; larger is more complex
 * @param reasons what gave points, in plain words without prompt text
 */
public record Classification(Complexity complexity, int score, List<String> reasons) {

    /** Copies the reasons. */
    public Classification {
        reasons = List.copyOf(reasons);
    }
}

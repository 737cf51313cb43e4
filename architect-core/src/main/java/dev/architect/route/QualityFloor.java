package dev.architect.route;

import dev.architect.check.Check;
import dev.architect.model.Complexity;
import java.util.Optional;

/**
 * The least quality that a route looked for.
 *
 * @param minimum the quality, 0 to 100
 * @param complexity the complexity of the prompt where it decided the floor; empty when the request set it
 */
public record QualityFloor(int minimum, Optional<Complexity> complexity) {

    /** Checks every field. */
    public QualityFloor {
        Check.notNull("complexity", complexity);
    }

    /** No floor, because the request names its model. */
    public static final QualityFloor NONE = new QualityFloor(0, Optional.empty());

    /** Renders the floor in English. */
    String description() {
        return "floor of " + minimum
                + complexity.map(cause -> " for " + cause + " prompts").orElse(" that the request sets");
    }
}

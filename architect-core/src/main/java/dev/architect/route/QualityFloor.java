package dev.architect.route;

import dev.architect.check.Check;
import dev.architect.model.Complexity;
import java.util.Optional;

/**
 * The least quality that a route looked for.
 *
 * @param minimum the quality, 0 to 100
 * @param complexity the complexity of the prompt where it decided the floor; empty when the request or a rule set it
 * @param rule the routing rule that set it; empty where none did
 */
public record QualityFloor(int minimum, Optional<Complexity> complexity, Optional<String> rule) {

    /** Checks every field. */
    public QualityFloor {
        Check.notNull("complexity", complexity);
        Check.notNull("rule", rule);
    }

    /** Creates a floor that no rule set. */
    public QualityFloor(int minimum, Optional<Complexity> complexity) {
        this(minimum, complexity, Optional.empty());
    }

    /** No floor, because the request names its model. */
    public static final QualityFloor NONE = new QualityFloor(0, Optional.empty());

    /** Renders the floor in English. */
    String description() {
        return "floor of " + minimum
                + rule.map(name -> " that rule '" + name + "' sets")
                        .or(() -> complexity.map(cause -> " for " + cause + " prompts"))
                        .orElse(" that the request sets");
    }
}

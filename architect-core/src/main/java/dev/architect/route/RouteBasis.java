package dev.architect.route;

import dev.architect.check.Check;
import dev.architect.choice.LearnedChoice;
import java.util.Optional;

/**
 * What of the routing policy decided about a request.
 *
 * @param rule the first rule whose conditions the request meets; empty when there is none
 * @param experiment the experiment that it takes part in; empty when there is none
 * @param arm its arm of the experiment; given exactly when there is an experiment
 * @param choice what a learned router chose; empty when it had no part in the route
 */
public record RouteBasis(
        Optional<String> rule, Optional<String> experiment, Optional<String> arm, Optional<LearnedChoice> choice) {

    /** No rule and no experiment. */
    public static final RouteBasis NONE = new RouteBasis(Optional.empty(), Optional.empty(), Optional.empty());

    /** Creates a basis without a learned choice. */
    public RouteBasis(Optional<String> rule, Optional<String> experiment, Optional<String> arm) {
        this(rule, experiment, arm, Optional.empty());
    }

    /** Checks every field. */
    public RouteBasis {
        Check.notNull("rule", rule);
        Check.notNull("experiment", experiment);
        Check.notNull("arm", arm);
        Check.notNull("choice", choice);
        if (experiment.isPresent() != arm.isPresent()) {
            throw new IllegalArgumentException("arm is " + arm.orElse("none") + " of experiment "
                    + experiment.orElse("none") + ", expected both or neither");
        }
    }

    /** Renders it in English. */
    public String description() {
        String byRule = rule.map(name -> "rule '" + name + "'").orElse("no rule");
        String byExperiment = experiment
                .map(name -> byRule + ", arm '" + arm.orElseThrow() + "' of experiment '" + name + "'")
                .orElse(byRule);
        return choice.map(learned -> byExperiment + "\nlearned: " + learned.description())
                .orElse(byExperiment);
    }
}

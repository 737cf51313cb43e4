package dev.architect.router.rule;

/**
 * One of the ways that an experiment compares.
 *
 * @param name its name, in routes and records
 * @param weight its share among the arms, 1 to 1,000
 * @param effect what it changes: candidates, order, floor, goal and strategies. What the rule of a request requires of privacy and cost
 *     holds in every arm, so an arm sets neither
 */
public record ExperimentArm(String name, int weight, RuleEffect effect) {

    static final int MAX_WEIGHT = 1_000;

    /** Checks every field. */
    public ExperimentArm {
        RuleChecks.name("arm", name);
        RuleChecks.range("weight of arm " + name, weight, 1, MAX_WEIGHT);
        if (effect.isLocalOnly() || effect.maxCost().isPresent()) {
            throw new IllegalArgumentException("arm " + name + " sets localOnly or maxCost, expected these in a rule");
        }
    }
}

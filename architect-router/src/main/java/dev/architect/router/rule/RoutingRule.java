package dev.architect.router.rule;

/**
 * What holds for some requests. The first rule of a policy whose condition a request meets is the only one that counts for it.
 *
 * @param name its name, in routes, records and messages
 * @param condition the requests that it is about
 * @param effect what it changes for them
 */
public record RoutingRule(String name, RuleCondition condition, RuleEffect effect) {

    /** Checks the name. */
    public RoutingRule {
        RuleChecks.name("rule", name);
    }
}

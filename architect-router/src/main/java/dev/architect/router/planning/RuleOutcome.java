package dev.architect.router.planning;

import org.jspecify.annotations.Nullable;

/**
 * What the rules, strategies and experiments of a policy set for one request. Its owner writes all of it anew for each decision. Used by
 * one thread at a time.
 */
final class RuleOutcome {

    /** Of a policy that has nothing of the kind. Never written. */
    static final RuleOutcome NONE = new RuleOutcome();

    /** The monotonic time of the decision. */
    long now;

    @Nullable
    CompiledEffect rule;

    @Nullable
    CompiledEffect arm;

    @Nullable
    String experiment;

    @Nullable
    String armName;

    boolean @Nullable [] allowed;
    String allowedBy = "";

    @Nullable
    Ranker explicitOrder;

    boolean @Nullable [] listed;
    int floor = (int) CompiledEffect.NOTHING;
    String floorBy = "";
    long firstTokenGoal = CompiledEffect.NOTHING;
    long maxCost = CompiledEffect.NOTHING;
    boolean isLocalOnly;
    int pinned = (int) CompiledEffect.NOTHING;
    Ranker @Nullable [] strategies;

    /** Whether a rule or an arm says which models answer, or how they are ordered. */
    boolean isDecisive() {
        return allowed != null
                || explicitOrder != null
                || floor >= 0
                || pinned >= 0
                || (rule != null && rule.strategies != null)
                || (arm != null && arm.strategies != null);
    }

    /** Whether the rule lists the model in its explicit order. */
    boolean isListed(int model) {
        return listed != null && listed[model];
    }
}

package dev.architect.planner.review;

import dev.architect.planner.approval.history.DryRun;
import dev.architect.planner.check.ArgumentCheck;
import dev.architect.review.StoredRule;

/**
 * A stored rule that was tried on recorded decisions.
 *
 * @param rule the rule as it is now; of this version it may come into force
 * @param run what would have been decided with it
 */
public record RuleTrial(StoredRule rule, DryRun run) {

    /** Checks that both are there. */
    public RuleTrial {
        ArgumentCheck.notNull("rule", rule);
        ArgumentCheck.notNull("run", run);
    }
}

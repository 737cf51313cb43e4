package dev.architect.project.rule;

import dev.architect.check.Check;
import dev.architect.spend.SpendTotals;

/**
 * What the tasks of an item have taken so far.
 *
 * @param tasks how many tasks there were
 * @param attempts how often they were tried
 * @param totals what their calls did and cost
 */
public record ItemCost(int tasks, long attempts, SpendTotals totals) {

    /** Checks every field. */
    public ItemCost {
        Check.notNegative("tasks", tasks);
        Check.notNegative("attempts", attempts);
        Check.notNull("totals", totals);
    }
}

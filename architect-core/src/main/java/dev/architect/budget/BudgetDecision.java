package dev.architect.budget;

import dev.architect.check.Check;
import java.util.List;
import java.util.Optional;

/**
 * Whether a call may take what it may cost.
 *
 * @param refusedBy the budget that has too little left, as it stands; empty when everything is reserved
 * @param crossings what the request has changed about budgets that people are told of
 */
public record BudgetDecision(Optional<BudgetState> refusedBy, List<BudgetCrossing> crossings) {

    /** Copies the list. */
    public BudgetDecision {
        Check.notNull("refusedBy", refusedBy);
        crossings = List.copyOf(Check.noNulls("crossings", crossings));
    }

    /** Whether everything is reserved. */
    public boolean isGranted() {
        return refusedBy.isEmpty();
    }
}

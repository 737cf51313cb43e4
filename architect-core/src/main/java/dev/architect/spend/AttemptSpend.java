package dev.architect.spend;

import dev.architect.check.Check;
import dev.architect.cost.LedgerEntry;
import java.util.List;

/**
 * What one attempt of a task did and cost.
 *
 * @param epoch which claim of the task it was
 * @param totals of its calls; the baseline counts when the attempt has succeeded
 * @param calls its calls, oldest first
 */
public record AttemptSpend(long epoch, SpendTotals totals, List<LedgerEntry> calls) {

    /** Copies the calls and checks every field. */
    public AttemptSpend {
        Check.notNegative("epoch", epoch);
        Check.notNull("totals", totals);
        calls = List.copyOf(Check.noNulls("calls", calls));
    }
}

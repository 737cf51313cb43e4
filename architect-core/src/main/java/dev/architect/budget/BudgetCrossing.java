package dev.architect.budget;

import dev.architect.check.Check;

/**
 * A budget has come to a part of its limit for the first time within its period.
 *
 * @param state how it stands
 * @param percent the part: {@value #NEAR}, or {@value #REACHED} when the limit is spent or a call was refused
 */
public record BudgetCrossing(BudgetState state, int percent) {

    /** So many percent are spent. */
    public static final int NEAR = 80;

    /** The limit is reached. */
    public static final int REACHED = 100;

    /** Checks every field. */
    public BudgetCrossing {
        Check.notNull("state", state);
        Check.range("percent", percent, NEAR, REACHED);
    }
}

package dev.architect.budget;

/** How strictly a budget holds. */
public enum BudgetMode {
    /**
     * Each call reserves the most that it can cost, so that the limit is not exceeded. A model without a price is not called, and nothing
     * is while the store fails.
     */
    HARD,
    /**
     * Each call reserves what it will probably cost, so that the limit is exceeded by no more than what the calls on their way cost beyond that. A
     * model without a price reserves nothing, and calls go on while the store fails.
     */
    SOFT
}

package dev.architect.budget;

import dev.architect.check.Check;
import dev.architect.cost.Money;

/**
 * What a call takes of a budget.
 *
 * @param budget its name
 * @param amount how much, zero or more
 */
public record BudgetAmount(String budget, Money amount) {

    /** Checks every field. */
    public BudgetAmount {
        Check.notBlank("budget", budget);
        if (Check.notNull("amount", amount).picoUsd() < 0) {
            throw new IllegalArgumentException("amount is " + amount + ", expected $0.00 or more");
        }
    }
}

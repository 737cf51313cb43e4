package dev.architect.budget;

import dev.architect.check.Check;
import dev.architect.cost.Money;
import java.time.Instant;

/**
 * What is held back of a budget for a call on its way.
 *
 * @param reservation identifies it, as {@link BudgetStore#reserve} was told
 * @param amount how much, more than zero
 * @param periodStart the begin of the period that it counts in; the beginning of 1970 for a budget without one
 * @param expiresAt when it is free again unless the call has ended before, by the clock of the store
 */
public record BudgetReservation(String reservation, Money amount, Instant periodStart, Instant expiresAt) {

    /** Checks every field. */
    public BudgetReservation {
        Check.notBlank("reservation", reservation);
        if (Check.notNull("amount", amount).picoUsd() <= 0) {
            throw new IllegalArgumentException("amount is " + amount + ", expected more than $0.00");
        }
        Check.notNull("periodStart", periodStart);
        Check.notNull("expiresAt", expiresAt);
    }
}

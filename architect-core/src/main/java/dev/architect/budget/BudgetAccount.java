package dev.architect.budget;

import dev.architect.check.Check;
import dev.architect.cost.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The figures of one budget, by which all stores decide. Its period only moves forward: when the clock of the store is set back, the period
 * stays until the clock is in the next one. Sums beyond the range of a {@code long} stay at its end. Not safe for use by several threads.
 */
public final class BudgetAccount {

    /** How long a reservation is kept after its lifetime, for a call that ends late. */
    public static final Duration KEPT = Duration.ofDays(1);

    private static final int PERCENT = 100;

    private final Budget budget;
    private Instant now = Instant.EPOCH;
    private Instant periodStart;
    private long spent;
    private long reserved;
    private int told;

    /**
     * Creates the account from what was kept of it.
     *
     * @param periodStart when its period began
     * @param spent within the period, in pico-dollars
     * @param reserved for calls of the period, in pico-dollars
     * @param told the part of the limit that people were told of, in percent; 0 for none
     */
    public BudgetAccount(Budget budget, Instant periodStart, long spent, long reserved, int told) {
        this.budget = Check.notNull("budget", budget);
        this.periodStart = Check.notNull("periodStart", periodStart);
        this.spent = Check.notNegative("spent", spent);
        this.reserved = Check.notNegative("reserved", reserved);
        this.told = told;
    }

    static long sum(long one, long other) {
        long sum = one + other;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    /** The clock of the store shows {@code time}. */
    public void advance(Instant time) {
        now = Check.notNull("time", time);
        Instant current = budget.period().start(time);
        if (current.isAfter(periodStart)) {
            periodStart = current;
            spent = 0;
            reserved = 0;
            told = 0;
        }
    }

    /** Whether {@code amount} pico-dollars are left; nothing always is. */
    public boolean fits(long amount) {
        return amount == 0
                || sum(sum(spent, reserved), amount) <= budget.limit().picoUsd();
    }

    /** Takes {@code amount} pico-dollars, whether they are left or not. */
    public void hold(long amount) {
        reserved = sum(reserved, amount);
    }

    /** Gives back {@code amount} pico-dollars that were taken in the period that began at {@code start}. */
    public void free(Instant start, long amount) {
        if (Check.notNull("start", start).equals(periodStart)) {
            reserved = Math.max(0, reserved - amount);
        }
    }

    /** A call that was reserved in the period that began at {@code start} has cost {@code amount} pico-dollars. */
    public void spend(Instant start, long amount) {
        if (Check.notNull("start", start).equals(periodStart)) {
            spent = sum(spent, amount);
        }
    }

    /** Returns the part of the limit that people are to be told of now, once in a period; a refused call is one at the limit. */
    public Optional<BudgetCrossing> cross(boolean hasRefused) {
        int reached = 0;
        long limit = budget.limit().picoUsd();
        if (hasRefused || spent >= limit) {
            reached = BudgetCrossing.REACHED;
        } else if (spent >= limit - limit / PERCENT * (PERCENT - BudgetCrossing.NEAR)) {
            reached = BudgetCrossing.NEAR;
        }
        if (reached <= told) {
            return Optional.empty();
        }
        told = reached;
        return Optional.of(new BudgetCrossing(state(), reached));
    }

    /** The same figures for another limit or mode. */
    public BudgetAccount under(Budget changed) {
        BudgetAccount account = new BudgetAccount(Check.notNull("changed", changed), periodStart, spent, reserved, 0);
        account.now = now;
        return account;
    }

    /** How the budget stands. */
    public BudgetState state() {
        return new BudgetState(budget, new Money(spent), new Money(reserved), now, periodStart);
    }

    /** The part of the limit that people were told of, in percent. */
    public int told() {
        return told;
    }
}

package dev.architect.budget;

import dev.architect.check.Check;
import dev.architect.cost.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a budget stands. Further components will only be added at the end.
 *
 * @param budget the budget
 * @param spent what calls have cost within the period
 * @param reserved what calls on their way may cost
 * @param at when, by the clock of the store
 * @param periodStart when the period began
 */
public record BudgetState(Budget budget, Money spent, Money reserved, Instant at, Instant periodStart) {

    /** Checks every field. */
    public BudgetState {
        Check.notNull("budget", budget);
        Check.notNull("spent", spent);
        Check.notNull("reserved", reserved);
        Check.notNull("at", at);
        Check.notNull("periodStart", periodStart);
    }

    /** What may be reserved; nothing when more than the limit is spent. */
    public Money left() {
        long taken = BudgetAccount.sum(spent.picoUsd(), reserved.picoUsd());
        return new Money(Math.max(0, budget.limit().picoUsd() - taken));
    }

    /** When it starts anew; empty when it never does. */
    public Optional<Instant> resetsAt() {
        return budget.period().end(periodStart);
    }

    /** How long until it starts anew; empty when it never does. */
    public Optional<Duration> untilReset() {
        return resetsAt().map(end -> {
            Duration left = Duration.between(at, end);
            return left.isNegative() ? Duration.ZERO : left;
        });
    }
}

package dev.architect.cost;

import dev.architect.check.Check;
import java.util.Optional;

/**
 * The money for one usage.
 *
 * @param status how sure the amount is
 * @param amount the amount; empty exactly when the status is {@link CostStatus#UNPRICED}
 */
public record Cost(CostStatus status, Optional<Money> amount) {

    /** No price is known. */
    public static final Cost UNPRICED = new Cost(CostStatus.UNPRICED, Optional.empty());

    /** Nothing was billed. */
    public static final Cost NOT_BILLED = new Cost(CostStatus.NOT_BILLED, Optional.of(Money.ZERO));

    /** Checks that the amount is there exactly when the status promises one. */
    public Cost {
        Check.notNull("status", status);
        Check.notNull("amount", amount);
        if ((status == CostStatus.UNPRICED) != amount.isEmpty()) {
            throw new IllegalArgumentException(
                    "amount is " + amount.map(Money::toString).orElse("none") + " with status " + status
                            + ", expected an amount unless UNPRICED");
        }
    }

    /** Returns an exact cost. */
    public static Cost priced(Money amount) {
        return new Cost(CostStatus.PRICED, Optional.of(Check.notNull("amount", amount)));
    }

    /** Returns the same amount as an estimate; unpriced and unbilled costs stay what they are. */
    public Cost estimated() {
        return status == CostStatus.PRICED ? new Cost(CostStatus.ESTIMATED, amount) : this;
    }
}

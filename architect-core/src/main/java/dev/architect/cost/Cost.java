package dev.architect.cost;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The money for one usage.
 *
 * @param status how sure the amount is
 * @param amountOrNull the amount; null exactly when the status is {@link CostStatus#UNPRICED}
 */
public record Cost(CostStatus status, @Nullable Money amountOrNull) {

    /** No price is known. */
    public static final Cost UNPRICED = new Cost(CostStatus.UNPRICED, null);

    /** Nothing was billed. */
    public static final Cost NOT_BILLED = new Cost(CostStatus.NOT_BILLED, Money.ZERO);

    /** Checks that the amount is there exactly when the status promises one. */
    public Cost {
        if ((status == CostStatus.UNPRICED) != (amountOrNull == null)) {
            throw new IllegalArgumentException(
                    "amount is " + amountOrNull + " with status " + status + ", expected an amount unless UNPRICED");
        }
    }

    /** Returns an exact cost. */
    public static Cost priced(Money amount) {
        return new Cost(CostStatus.PRICED, amount);
    }

    /** Returns the amount, empty when unpriced. */
    public Optional<Money> amount() {
        return Optional.ofNullable(amountOrNull);
    }

    /** Returns the same amount as an estimate; unpriced and unbilled costs stay what they are. */
    public Cost estimated() {
        return status == CostStatus.PRICED ? new Cost(CostStatus.ESTIMATED, amountOrNull) : this;
    }
}

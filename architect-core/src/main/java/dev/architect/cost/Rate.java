package dev.architect.cost;

import dev.architect.check.Check;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * Money for a number of units: an amount and a divisor, so that rates which are not whole per unit stay exact.
 *
 * @param amount the money for {@code units} units, zero or more
 * @param units how many units the amount buys, at least 1
 */
public record Rate(Money amount, long units) {

    private static final long TOKENS_PER_MILLION = 1_000_000;

    /** Checks that the amount is not negative and the divisor is positive. */
    public Rate {
        Check.notNull("amount", amount);
        if (amount.picoUsd() < 0) {
            throw new IllegalArgumentException("rate is " + amount + ", expected zero or more");
        }
        if (units < 1) {
            throw new IllegalArgumentException("units is " + units + ", expected 1 or more");
        }
    }

    /** Returns a rate of {@code usd} dollars for a million tokens. */
    public static Rate perMillion(BigDecimal usd) {
        return new Rate(Money.ofUsd(usd), TOKENS_PER_MILLION);
    }

    /** Returns a rate of {@code usd} dollars for one unit. */
    public static Rate each(BigDecimal usd) {
        return new Rate(Money.ofUsd(usd), 1);
    }

    /** Returns the money for {@code count} units: multiplied first, divided once, rounded half to even. */
    public Money cost(long count) {
        return new Money(picoUsd(count));
    }

    /** The same in pico-dollars. */
    long picoUsd(long count) {
        long pico = amount.picoUsd();
        if (units == 1 || pico % units == 0) {
            return Math.multiplyExact(pico / units, count);
        }
        // The product may exceed 64 bits although the quotient fits.
        BigInteger product = BigInteger.valueOf(amount.picoUsd()).multiply(BigInteger.valueOf(count));
        BigDecimal quotient = new BigDecimal(product).divide(BigDecimal.valueOf(units), 0, RoundingMode.HALF_EVEN);
        return quotient.longValueExact();
    }
}

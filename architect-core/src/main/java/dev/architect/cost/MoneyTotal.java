package dev.architect.cost;

import dev.architect.check.Check;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Collection;

/**
 * An exact sum of any number of {@link Money} amounts, in pico-dollars without an upper bound.
 *
 * @param picoUsd the sum in pico-dollars
 */
public record MoneyTotal(BigInteger picoUsd) implements Comparable<MoneyTotal> {

    /** Checks that it is there. */
    public MoneyTotal {
        Check.notNull("picoUsd", picoUsd);
    }

    /** The sum of nothing. */
    public static final MoneyTotal ZERO = new MoneyTotal(BigInteger.ZERO);

    /** Significant digits of amounts under a cent when shown to people. */
    private static final int SMALL_AMOUNT_DIGITS = 2;

    /** Returns the sum of {@code amounts}. */
    public static MoneyTotal sum(Collection<Money> amounts) {
        BigInteger sum = BigInteger.ZERO;
        for (Money amount : Check.noNulls("amounts", amounts)) {
            sum = sum.add(BigInteger.valueOf(amount.picoUsd()));
        }
        return new MoneyTotal(sum);
    }

    /** Returns this sum and one amount more. */
    public MoneyTotal plus(Money amount) {
        return new MoneyTotal(
                picoUsd.add(BigInteger.valueOf(Check.notNull("amount", amount).picoUsd())));
    }

    /** Returns the sum of both sums. */
    public MoneyTotal plus(MoneyTotal other) {
        return new MoneyTotal(picoUsd.add(Check.notNull("other", other).picoUsd));
    }

    /** Returns this sum without {@code other}; negative when that is more. */
    public MoneyTotal minus(MoneyTotal other) {
        return new MoneyTotal(picoUsd.subtract(Check.notNull("other", other).picoUsd));
    }

    /** Returns the exact amount in dollars, with twelve decimal places. */
    public BigDecimal usd() {
        return new BigDecimal(picoUsd, Money.SCALE);
    }

    /** Returns the amount for people: cents, or two significant digits under a cent; rounded half to even. */
    public String display() {
        BigDecimal usd = usd();
        BigDecimal cent = new BigDecimal("0.01");
        if (usd.signum() == 0 || usd.abs().compareTo(cent) >= 0) {
            return Money.format(usd.setScale(2, RoundingMode.HALF_EVEN));
        }
        int leadingZeros =
                usd.abs().scale() - usd.abs().unscaledValue().toString().length();
        return Money.format(usd.setScale(leadingZeros + SMALL_AMOUNT_DIGITS, RoundingMode.HALF_EVEN));
    }

    @Override
    public int compareTo(MoneyTotal other) {
        return picoUsd.compareTo(other.picoUsd);
    }

    /** The exact amount without trailing zeros. */
    @Override
    public String toString() {
        return Money.format(usd());
    }
}

package dev.architect.cost;

import dev.architect.check.Check;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * An amount of money in whole pico-dollars (1e-12 USD).
 *
 * <p>One dollar per million tokens is 1,000,000 pico-dollars per token, so every published token rate is a whole number.
 * The largest amount is about 9.2 million dollars: enough for one ledger row, not for a sum of rows, which is a
 * {@link MoneyTotal}. Arithmetic that would overflow throws {@link ArithmeticException}.
 *
 * @param picoUsd the amount in pico-dollars; negative amounts are corrections
 */
public record Money(long picoUsd) implements Comparable<Money> {

    /** Nothing at all; a price of zero, not a missing price. */
    public static final Money ZERO = new Money(0);

    /** Pico-dollars in one dollar. */
    public static final long PICO_PER_USD = 1_000_000_000_000L;

    /** Decimal places of a dollar amount that is a whole number of pico-dollars. */
    static final int SCALE = 12;

    /** Digits before the point of the largest amount. */
    private static final int MAX_WHOLE_DIGITS = 7;

    /** Returns {@code usd} dollars; an {@link ArithmeticException} when that is not a whole number of pico-dollars. */
    public static Money ofUsd(BigDecimal usd) {
        // Compared with the digits before the point, because moving the point of 1e999999999 writes all of its digits.
        if (Check.notNull("usd", usd).signum() != 0 && (long) usd.precision() - usd.scale() > MAX_WHOLE_DIGITS) {
            throw new ArithmeticException("amount has more than " + MAX_WHOLE_DIGITS
                    + " digits before the point, expected at most about 9.2 million dollars");
        }
        return usd.signum() == 0 ? ZERO : new Money(usd.movePointRight(SCALE).longValueExact());
    }

    /** Returns the dollars written in {@code usd}, for example {@code "0.003"}. */
    public static Money ofUsd(String usd) {
        return ofUsd(new BigDecimal(Check.notNull("usd", usd)));
    }

    /** Returns the sum. */
    public Money plus(Money other) {
        return new Money(Math.addExact(picoUsd, Check.notNull("other", other).picoUsd));
    }

    /** Returns the difference. */
    public Money minus(Money other) {
        return new Money(Math.subtractExact(picoUsd, Check.notNull("other", other).picoUsd));
    }

    /** Returns this amount {@code count} times. */
    public Money times(long count) {
        return new Money(Math.multiplyExact(picoUsd, count));
    }

    /** Returns the exact amount in dollars, with twelve decimal places. */
    public BigDecimal usd() {
        return BigDecimal.valueOf(picoUsd, SCALE);
    }

    @Override
    public int compareTo(Money other) {
        return Long.compare(picoUsd, other.picoUsd);
    }

    /** The exact amount without trailing zeros, for example {@code $0.003}. */
    @Override
    public String toString() {
        return format(usd());
    }

    static String format(BigDecimal usd) {
        BigDecimal stripped = usd.stripTrailingZeros();
        BigDecimal shown = stripped.scale() < 2 ? stripped.setScale(2, RoundingMode.UNNECESSARY) : stripped;
        return (shown.signum() < 0 ? "-$" : "$") + shown.abs().toPlainString();
    }
}

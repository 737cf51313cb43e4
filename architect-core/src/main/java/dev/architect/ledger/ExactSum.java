package dev.architect.ledger;

import dev.architect.cost.MoneyTotal;
import java.math.BigInteger;

/** An exact sum of pico-dollars without an upper bound, which creates no object for each amount. Used by one thread at a time. */
final class ExactSum {

    private BigInteger whole = BigInteger.ZERO;

    /** What is not in {@link #whole} yet. */
    private long rest;

    void add(long picoUsd) {
        long sum = rest + picoUsd;
        // It has overflown when both parts have one sign and the sum has the other.
        if (((rest ^ sum) & (picoUsd ^ sum)) < 0) {
            whole = whole.add(BigInteger.valueOf(rest));
            rest = picoUsd;
        } else {
            rest = sum;
        }
    }

    MoneyTotal total() {
        return new MoneyTotal(whole.add(BigInteger.valueOf(rest)));
    }
}

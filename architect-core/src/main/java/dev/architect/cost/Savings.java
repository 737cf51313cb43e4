package dev.architect.cost;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;

/**
 * What a period cost, set against the same accepted requests on the baseline model.
 *
 * <p>Savings are 1 − A/B: A is everything spent (failed calls and failovers included), B re-rates the usage of the accepted
 * answers at the baseline's prices. This is a same-token estimate: it assumes the same tokenizer and verbosity.
 *
 * @param exact the sum of exact and stated costs
 * @param estimated the sum of estimated costs
 * @param unpricedCalls calls without an amount; they are left out of both sides
 * @param baseline the same requests on the baseline model
 */
public record Savings(MoneyTotal exact, MoneyTotal estimated, long unpricedCalls, MoneyTotal baseline) {

    private static final int PERCENT_SCALE = 1;
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    /** Returns the savings of all lines together. */
    public static Savings of(List<ProviderSpend> lines) {
        MoneyTotal exact = MoneyTotal.ZERO;
        MoneyTotal estimated = MoneyTotal.ZERO;
        MoneyTotal baseline = MoneyTotal.ZERO;
        long unpriced = 0;
        for (ProviderSpend line : lines) {
            exact = exact.plus(line.exact());
            estimated = estimated.plus(line.estimated());
            baseline = baseline.plus(line.baseline());
            unpriced += line.unpricedCalls();
        }
        return new Savings(exact, estimated, unpriced, baseline);
    }

    /** The sum of exact and estimated costs. */
    public MoneyTotal cost() {
        return exact.plus(estimated);
    }

    /**
     * Returns the savings in percent with one decimal place, rounded towards less saving, so that no headline promises more
     * than was saved. Negative when routing cost more; empty when there is no baseline to compare with.
     */
    public Optional<BigDecimal> percent() {
        if (baseline.picoUsd().signum() <= 0) {
            return Optional.empty();
        }
        BigDecimal saved = new BigDecimal(baseline.picoUsd().subtract(cost().picoUsd()));
        return Optional.of(
                saved.multiply(HUNDRED).divide(new BigDecimal(baseline.picoUsd()), PERCENT_SCALE, RoundingMode.FLOOR));
    }
}

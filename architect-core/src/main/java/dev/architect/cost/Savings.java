package dev.architect.cost;

import dev.architect.check.Check;
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
 * @param cost what was spent, and the same requests on the baseline model
 * @param unpricedCalls calls without an amount; they are left out of both sides
 */
public record Savings(CostTotals cost, long unpricedCalls) {

    private static final int PERCENT_SCALE = 1;
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    /** Checks both. */
    public Savings {
        Check.notNull("cost", cost);
        Check.notNegative("unpricedCalls", unpricedCalls);
    }

    /** Returns the savings of all providers together. */
    public static Savings of(List<ProviderSpend> providers) {
        CostTotals cost = CostTotals.ZERO;
        long unpriced = 0;
        for (ProviderSpend spend : Check.noNulls("providers", providers)) {
            cost = cost.plus(spend.cost());
            unpriced += spend.calls().unpriced();
        }
        return new Savings(cost, unpriced);
    }

    /** What was spent: the sum of exact and estimated costs. */
    public MoneyTotal spent() {
        return cost.spent();
    }

    /** What the same requests would have cost on the baseline model. */
    public MoneyTotal baseline() {
        return cost.baseline();
    }

    /**
     * Returns the savings in percent with one decimal place, rounded towards less saving, so that no headline promises more
     * than was saved. Negative when routing cost more; empty when there is no baseline to compare with.
     */
    public Optional<BigDecimal> percent() {
        if (baseline().picoUsd().signum() <= 0) {
            return Optional.empty();
        }
        BigDecimal saved = new BigDecimal(baseline().picoUsd().subtract(spent().picoUsd()));
        return Optional.of(saved.multiply(HUNDRED)
                .divide(new BigDecimal(baseline().picoUsd()), PERCENT_SCALE, RoundingMode.FLOOR));
    }
}

package dev.architect.cost;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SavingsTest {

    @Test
    void roundsTowardsLessSaving() {
        assertThat(savings("0.260025", "3").percent())
                .hasValueSatisfying(percent -> assertThat(percent).isEqualByComparingTo("91.3"));
        assertThat(savings("0.0001", "100").percent())
                .hasValueSatisfying(percent -> assertThat(percent).isEqualByComparingTo("99.9"));
    }

    @Test
    void isNegativeWhenRoutingCostMore() {
        assertThat(savings("3.001", "3").percent())
                .hasValueSatisfying(percent -> assertThat(percent).isEqualByComparingTo("-0.1"));
    }

    @Test
    void saysNothingWithoutABaseline() {
        assertThat(savings("1", "0").percent()).isEmpty();
    }

    private static Savings savings(String cost, String baseline) {
        return new Savings(
                new CostTotals(
                        MoneyTotal.ZERO.plus(Money.ofUsd(cost)),
                        MoneyTotal.ZERO,
                        MoneyTotal.ZERO.plus(Money.ofUsd(baseline))),
                0);
    }
}

package dev.architect.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
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
    void isEmptyWithoutABaseline() {
        assertThat(savings("1", "0").percent()).isEmpty();
    }

    @Test
    void sumsTheSpendOfAllProviders() {
        ProviderSpend hosted = spend("hosted", "1", "0.5", 2, "4");
        ProviderSpend local = spend("local", "0", "0.25", 3, "6");

        Savings both = Savings.of(List.of(hosted, local));

        assertThat(hosted.cost().spent()).isEqualTo(total("1.5"));
        assertThat(both).isEqualTo(new Savings(new CostTotals(total("1"), total("0.75"), total("10")), 5));
        assertThat(both.spent()).isEqualTo(total("1.75"));
        assertThat(both.percent())
                .hasValueSatisfying(percent -> assertThat(percent).isEqualByComparingTo("82.5"));
        assertThat(Savings.of(List.of()).percent()).isEmpty();
    }

    private static Savings savings(String cost, String baseline) {
        return new Savings(
                new CostTotals(
                        MoneyTotal.ZERO.plus(Money.ofUsd(cost)),
                        MoneyTotal.ZERO,
                        MoneyTotal.ZERO.plus(Money.ofUsd(baseline))),
                0);
    }

    private static ProviderSpend spend(String name, String exact, String estimated, long unpriced, String baseline) {
        return new ProviderSpend(
                name,
                5,
                new CallCounts(9, 1, 1, unpriced),
                new TokenTotals(100, 10),
                new CostTotals(total(exact), total(estimated), total(baseline)),
                new LatencyQuantiles(Duration.ZERO, Duration.ZERO));
    }

    private static MoneyTotal total(String usd) {
        return MoneyTotal.ZERO.plus(Money.ofUsd(usd));
    }
}

package dev.architect.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

final class RateTest {

    @Test
    void pricesTokensByTheMillion() {
        Rate rate = Rate.perMillion(new BigDecimal("0.15"));

        assertThat(rate.cost(1)).isEqualTo(new Money(150_000));
        assertThat(rate.cost(1_000_000)).isEqualTo(Money.ofUsd("0.15"));
    }

    @Test
    void multipliesFirstAndDividesOnce() {
        Rate storagePerMillionTokensAndHour = new Rate(Money.ofUsd("0.50"), 3_600_000_000L);

        assertThat(storagePerMillionTokensAndHour.cost(50_000L * 1_000)).isEqualTo(new Money(6_944_444_444L));
    }

    @Test
    void roundsHalfToEven() {
        assertThat(new Rate(new Money(1), 2).cost(1)).isEqualTo(new Money(0));
        assertThat(new Rate(new Money(1), 2).cost(3)).isEqualTo(new Money(2));
    }

    @Test
    void refusesNegativeRatesAndNoUnits() {
        assertThatThrownBy(() -> Rate.each(new BigDecimal("-1"))).hasMessage("rate is -$1.00, expected zero or more");
        assertThatThrownBy(() -> new Rate(Money.ZERO, 0)).hasMessage("units is 0, expected 1 or more");
    }

    @Test
    void pricesOtherUnitsOneByOne() {
        assertThat(Rate.each(new BigDecimal("0.01")).cost(3)).isEqualTo(Money.ofUsd("0.03"));
    }

    @Test
    void acceptsARateOfZero() {
        assertThat(Rate.perMillion(BigDecimal.ZERO).cost(1_000)).isEqualTo(Money.ZERO);
    }
}

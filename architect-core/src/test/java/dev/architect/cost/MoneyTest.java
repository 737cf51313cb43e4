package dev.architect.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Collections;
import org.junit.jupiter.api.Test;

final class MoneyTest {

    @Test
    void isExactWhereDoublesAreNot() {
        Money each = Money.ofUsd("0.000081");

        assertThat(each.times(1_000_000)).isEqualTo(Money.ofUsd("81"));
    }

    @Test
    void refusesWhatIsNotAWholeNumberOfPicoDollars() {
        assertThatThrownBy(() -> Money.ofUsd("0.0000000000001")).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void refusesToOverflow() {
        Money most = new Money(Long.MAX_VALUE);

        assertThatThrownBy(() -> most.plus(new Money(1))).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> most.times(2)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void sumsBeyondTheRangeOfOneRow() {
        MoneyTotal total = MoneyTotal.sum(Collections.nCopies(1_000, new Money(Long.MAX_VALUE)));

        assertThat(total.usd()).isEqualTo(new BigDecimal("9223372036.854775807000"));
    }

    @Test
    void showsTheExactAmount() {
        assertThat(Money.ofUsd("0.003")).hasToString("$0.003");
        assertThat(Money.ofUsd("3")).hasToString("$3.00");
        assertThat(Money.ofUsd("-1.5")).hasToString("-$1.50");
        assertThat(new Money(1)).hasToString("$0.000000000001");
    }

    @Test
    void showsPeopleCentsAndTwoDigitsOfLess() {
        assertThat(total("3.004").display()).isEqualTo("$3.00");
        assertThat(total("0.005").display()).isEqualTo("$0.005");
        assertThat(total("0.0012345").display()).isEqualTo("$0.0012");
        assertThat(total("0").display()).isEqualTo("$0.00");
        assertThat(total("12345.675").display()).isEqualTo("$12345.68");
    }

    @Test
    void subtractsExactlyAndBelowZero() {
        assertThat(Money.ofUsd("1").minus(Money.ofUsd("0.25"))).isEqualTo(Money.ofUsd("0.75"));
        assertThat(Money.ZERO.minus(new Money(1))).isEqualTo(new Money(-1));
        assertThatThrownBy(() -> new Money(Long.MIN_VALUE).minus(new Money(1))).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void ordersByAmount() {
        assertThat(new Money(-1)).isLessThan(Money.ZERO);
        assertThat(new Money(2)).isGreaterThan(new Money(1));
        assertThat(total("0.01")).isLessThan(total("0.010001"));
        assertThat(total("100")).isGreaterThan(total("99"));
    }

    @Test
    void showsTheExactAmountOfASum() {
        assertThat(total("0.0012345")).hasToString("$0.0012345");
        assertThat(MoneyTotal.ZERO).hasToString("$0.00");
    }

    private static MoneyTotal total(String usd) {
        return MoneyTotal.ZERO.plus(Money.ofUsd(usd));
    }
}

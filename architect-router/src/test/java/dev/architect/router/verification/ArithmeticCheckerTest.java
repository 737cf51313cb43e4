package dev.architect.router.verification;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ArithmeticCheckerTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "17 × 23 = 391",
                "17*23=391",
                "So 2 + 3 + 4 = 9.",
                "2 + 3 * 4 = 14",
                "(2 + 3) * 4 = 20, as said",
                "0.1 + 0.2 = 0.3",
                "0.1 + 0.2 = 0.30",
                "1,200.50 + 4 = 1,204.50",
                "5 − 8 = −3",
                "5 - 8 = -3",
                "5-8=-3",
                "10 / 4 = 2.5",
                "22 / 7 = 3.14",
                "2 ÷ 3 = 0.67",
                "2 ÷ 3 = 0.66",
                "**2 + 3 = 5**",
                "- 2 + 3 = 5",
                "-2 + 3 = 1",
                "$3.50 + $1.25 = $4.75",
                "Step 1. 2 + 2 = 4",
                "in 2020 5 + 3 = 8",
                "(see 4 + 4 = 8)",
                "2 + 3 = 4 + 1",
                "2 + 3 * 4 = 2 + 12 = 14",
                "3 apples: 12 / 4 = 3\nand 3 * 2 = 6"
            })
    void acceptsWhatIsRight(String text) {
        assertThat(AnswerFixture.verdict(new ArithmeticChecker(), text)).isEqualTo("ACCEPTED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "17 × 23 = 381",
                "So 2 + 3 + 4 = 8.",
                "2 + 3 * 4 = 20",
                "0.1 + 0.2 = 0.30000000000000004",
                "2.4 + 2.4 = 5",
                "7 / 2 = 3",
                "7 / 2 = 4",
                "22 / 7 = 3.15",
                "2 ÷ 3 = 0.68",
                "1 / 0 = 0",
                "5 − 8 = 3",
                "3 + 4 = 7 and 3 * 4 = 13",
                "2 + 3 * 4 = 2 + 12 = 15",
                "9,007,199,254,740,993 + 0 = 9,007,199,254,740,992",
                "**2 + 3 = 6**"
            })
    void rejectsWhatIsWrong(String text) {
        assertThat(AnswerFixture.verdict(new ArithmeticChecker(), text)).isEqualTo("wrong-arithmetic");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no sum here",
                "x = 5",
                "2x + 3 = 7",
                "x - 3 = 7",
                "x + 3 = 7",
                "2(3) + 1 = 8",
                "2^3 + 1 = 10",
                "5 + 3 = 8x",
                "50 + 10% = 55",
                "2 + 3 == 6",
                "2 + 3 != 6",
                "2 + 3 >= 4",
                "2 + 3 ≈ 6",
                "a += 2 + 3 = 9 - x",
                "2,5 + 2,5 = 5,0",
                "2024-01-05 = a Friday",
                "2026-11-28 = 5",
                "f(2) = 3",
                "007 + 1 = 9",
                "12 km + 3 km = 16 km",
                "1 + = 3",
                "= 3",
                "3 ="
            })
    void passesOverWhatIsNoClearClaim(String text) {
        assertThat(AnswerFixture.verdict(new ArithmeticChecker(), text)).isEqualTo("UNSURE");
    }

    @Test
    void agreesWithDecimalArithmetic() {
        Random random = new Random(7);
        for (int round = 0; round < 2_000; round++) {
            BigDecimal one = new BigDecimal(random.nextInt(100_000) - 50_000).movePointLeft(random.nextInt(4));
            BigDecimal other = new BigDecimal(random.nextInt(1_000) + 1).movePointLeft(random.nextInt(3));
            int operation = random.nextInt(4);
            BigDecimal right = switch (operation) {
                case 0 -> one.add(other);
                case 1 -> one.subtract(other);
                case 2 -> one.multiply(other);
                default -> one.divide(other, 3, RoundingMode.HALF_UP);
            };
            boolean isWrong = random.nextBoolean();
            BigDecimal claimed = isWrong ? right.add(new BigDecimal(random.nextInt(50) + 2).movePointLeft(3)) : right;
            String text = "it is " + one.toPlainString() + " " + "+-*/".charAt(operation) + " " + other.toPlainString()
                    + " = " + claimed.toPlainString() + ".";

            assertThat(AnswerFixture.verdict(new ArithmeticChecker(), text))
                    .as("seed 7, %s", text)
                    .isEqualTo(one.signum() < 0 ? "UNSURE" : isWrong ? "wrong-arithmetic" : "ACCEPTED");
        }
    }

    @Test
    void longAndOddTextsEndSoon() {
        ArithmeticChecker checker = new ArithmeticChecker();

        assertThat(AnswerFixture.verdict(checker, "1+".repeat(100_000) + "1=1")).isEqualTo("UNSURE");
        assertThat(AnswerFixture.verdict(checker, "=".repeat(200_000))).isEqualTo("UNSURE");
        assertThat(AnswerFixture.verdict(checker, "1 = ".repeat(50_000))).isEqualTo("UNSURE");
        assertThat(AnswerFixture.verdict(checker, "(".repeat(400) + "1 + 1 = 3"))
                .isEqualTo("wrong-arithmetic");
        assertThat(AnswerFixture.verdict(checker, "9".repeat(100) + " + 1 = 3")).isEqualTo("UNSURE");
    }
}

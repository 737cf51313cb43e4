package dev.architect.router.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;

final class RegularExpressionCheckerTest {

    @Test
    void looksAtTheWholeTextOrAPartOfIt() {
        assertThat(AnswerFixture.verdict(RegularExpressionChecker.matching("\\d+"), " 42\n"))
                .isEqualTo("ACCEPTED");
        assertThat(AnswerFixture.verdict(RegularExpressionChecker.matching("\\d+"), "42 it is"))
                .isEqualTo("pattern-mismatch");
        assertThat(AnswerFixture.verdict(RegularExpressionChecker.containing("\\bANSWER: \\d"), "so ANSWER: 4"))
                .isEqualTo("ACCEPTED");
        assertThat(AnswerFixture.verdict(RegularExpressionChecker.containing("ANSWER"), "none"))
                .isEqualTo("pattern-missing");
        assertThat(AnswerFixture.verdict(RegularExpressionChecker.without("(?i)as an ai"), "As an AI, I"))
                .isEqualTo("pattern-found");
        assertThat(AnswerFixture.verdict(RegularExpressionChecker.without("(?i)as an ai"), "Yes"))
                .isEqualTo("ACCEPTED");
    }

    @Test
    void catastrophicPatternsEndSoonWithoutAVerdict() {
        String text = "x".repeat(5_000);
        for (String regex : new String[] {"(x+x+)+y", "(x|x)*y", "^(([x])+.)+[X]([x])+$", "(.*)(.*)(.*)(.*)y"}) {
            String verdict = assertTimeoutPreemptively(
                    Duration.ofSeconds(20),
                    () -> AnswerFixture.verdict(RegularExpressionChecker.matching(regex), text));

            assertThat(verdict).as(regex).isEqualTo("UNSURE");
        }
    }

    @Test
    void aPatternThatIsNoneIsRefusedAtOnce() {
        assertThatThrownBy(() -> RegularExpressionChecker.matching("(")).isInstanceOf(PatternSyntaxException.class);
    }
}

package dev.architect.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Numbers of contents. */
final class ContentVersionTest {

    @Test
    void sameTextsHaveTheSameNumberOnEveryDay() {
        assertThat(ContentVersion.of(List.of("a", "bc"))).isEqualTo(ContentVersion.of(List.of("a", "bc")));
        // It is compared with numbers that clients have kept, so it must not change with the program.
        assertThat(ContentVersion.of(List.of())).isEqualTo(406_829_232_824_261_652L);
    }

    @Test
    void otherTextsHaveAnotherNumberOfAtMostEighteenDigits() {
        Set<Long> numbers = new HashSet<>();
        for (List<String> texts : List.of(
                List.of(""),
                List.of("", ""),
                List.of("ab", "c"),
                List.of("a", "bc"),
                List.of("abc"),
                List.of("bc", "a"),
                List.of("ä"),
                List.of("a".repeat(1_000_000)))) {
            long number = ContentVersion.of(texts);
            assertThat(numbers.add(number)).as(texts.toString()).isTrue();
            assertThat(number).isBetween(0L, 999_999_999_999_999_999L);
        }
    }
}

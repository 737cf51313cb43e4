package dev.architect.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.router.pricing.Prices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cost and right answers of recorded questions by several ways to choose. */
class QuestionComparisonTest {

    private static final Instant NOW = Instant.parse("2026-11-29T09:00:00Z");

    @TempDir
    private Path folder;

    /** The cheap model is wrong where all are lost twice, and its sum then does not add up. */
    private PromptFile questions(int count) throws IOException {
        Random random = new Random(3);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean isHard = random.nextInt(3) == 0;
            boolean isRight = random.nextInt(20) > 0 != isHard;
            int one = random.nextInt(1_000);
            String prompt = "Ann has " + one + " pens" + " and a book".repeat(random.nextInt(4))
                    + (isHard ? ". Each friend loses half of them." : ". Ben has 7 pens.")
                    + " How many are left, number "
                    + i + "?";
            int sum = one + 7 + (isRight ? 0 : 1);
            lines.add("{\"prompt\":\"" + prompt + "\",\"answers\":{\"cheap\":{\"text\":\"" + one + " + 7 = " + sum
                    + " #### " + sum + "\",\"correct\":" + isRight + "},\"strong\":{\"text\":\"" + one + " + 7 = "
                    + (one + 7) + " #### " + (one + 7) + "\",\"correct\":true}}}");
        }
        return PromptFile.read(Files.write(folder.resolve("prompts.jsonl"), lines));
    }

    @Test
    void showsCostAndRightAnswersSideBySide() throws IOException {
        PromptFile file = questions(300);

        QuestionComparison comparison = QuestionComparison.of(file, 300, Prices.standard(), NOW, 1);

        assertThat(comparison.ways())
                .extracting(QuestionComparison.Way::name)
                .containsExactly(
                        "all to the cheap model",
                        "all to the strong model",
                        "by length",
                        "by a learned model",
                        "cheap first, checked");
        QuestionComparison.Way cheap = comparison.ways().get(0);
        QuestionComparison.Way strong = comparison.ways().get(1);
        QuestionComparison.Way length = comparison.ways().get(2);
        QuestionComparison.Way learned = comparison.ways().get(3);
        QuestionComparison.Way checked = comparison.ways().get(4);
        assertThat(strong.correct()).isEqualTo(300);
        assertThat(strong.strong()).isEqualTo(300);
        assertThat(cheap.strong()).isZero();
        for (QuestionComparison.Way way : List.of(length, learned, checked)) {
            assertThat(way.correct()).as(way.name()).isBetween(cheap.correct() + 1, 300);
            assertThat(way.cost().picoUsd())
                    .as(way.name())
                    .isLessThan(strong.cost().picoUsd());
        }
        assertThat(learned.cost().picoUsd()).isLessThan(length.cost().picoUsd());
        assertThat(checked.correct()).isGreaterThan(278);
        // The cheap answer is paid for whatever the check finds.
        assertThat(checked.strong()).isPositive();
        assertThat(checked.cost().picoUsd()).isGreaterThan(cheap.cost().picoUsd());
        assertThat(comparison.lines()).hasSize(8);
    }

    @Test
    void fewQuestionsAreNotLearnedFrom() throws IOException {
        QuestionComparison comparison = QuestionComparison.of(questions(249), 249, Prices.standard(), NOW, 1);

        assertThat(comparison.ways()).hasSize(2);
        assertThat(comparison.lines()).last().asString().contains("learned from 250 questions or more");
    }
}

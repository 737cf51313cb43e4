package dev.architect.router.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.architect.chat.ChatRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The score ranks prompts by how much a strong model gains on them, and never worse than their length does. */
final class ClassifierRankingTest {

    private final PromptClassifier classifier = new PromptClassifier();

    @ParameterizedTest
    @CsvSource({"gsm8k, 1307, 0.598", "mmlu, 8982, 0.589"})
    void ranksNoWorseThanLength(String name, int rows, double lengthAlone) {
        RecordedOutcomes outcomes = RecordedOutcomes.load(name);
        assertThat(outcomes.rows()).hasSize(rows);

        for (RecordedOutcomes part : List.of(outcomes, outcomes.half(0), outcomes.half(1))) {
            double length = part.recoveredGap(prompt -> prompt.codePointCount(0, prompt.length()));
            double score = part.recoveredGap(
                    prompt -> classifier.classify(ChatRequest.of(prompt)).score());
            System.out.printf(
                    Locale.ROOT,
                    "routing quality, %s, n %d: classifier %.4f, length %.4f%n",
                    part.name(),
                    part.rows().size(),
                    score,
                    length);
            assertThat(score).as(part.name()).isGreaterThanOrEqualTo(length);
        }
        // The published figure: the measure is the one that others use.
        assertThat(outcomes.recoveredGap(prompt -> prompt.codePointCount(0, prompt.length())))
                .isCloseTo(lengthAlone, within(0.001));
    }

    @Test
    void theMeasureAgreesWithAnExampleDoneByHand() {
        double[] scores = {.95, .90, .80, .75, .60, .55, .40, .35, .20, .10, .05};
        String strong = "11011101111";
        String weak = "00010110111";
        List<RecordedOutcomes.Row> rows = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            rows.add(new RecordedOutcomes.Row(
                    String.valueOf(scores[i]), strong.charAt(i) == '1', weak.charAt(i) == '1'));
        }

        assertThat(new RecordedOutcomes("example", rows).recoveredGap(Double::parseDouble))
                .isCloseTo(0.772727, within(1e-6));
    }
}

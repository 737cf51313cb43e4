package dev.architect.router.learned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.router.evaluation.RoutingCurve;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AnswerModelTest {

    private static final List<RoutingOutcome> TRAINING = LearnedOutcomes.of(400, 1);
    private static final List<RoutingOutcome> UNSEEN = LearnedOutcomes.of(400, 2);
    private static final AnswerModel MODEL = AnswerModelTrainer.withSeed(3).train(TRAINING);

    @Test
    void wrongArithmeticIsRecognised() {
        double[] scores = UNSEEN.stream()
                .mapToDouble(
                        each -> MODEL.score(each.prompt(), each.weakAnswer().orElseThrow()))
                .toArray();
        double gap = RoutingCurve.of(
                        scores,
                        UNSEEN.stream().mapToDouble(RoutingOutcome::strong).toArray(),
                        UNSEEN.stream().mapToDouble(RoutingOutcome::weak).toArray())
                .recoveredGap();

        assertThat(gap).isGreaterThan(0.75);
        assertThat(MODEL.wrong("What is 3 + 7?", "That is 3 + 7 = 12.\n#### 12"))
                .isGreaterThan(0.7)
                .isGreaterThan(MODEL.wrong("What is 3 + 7?", "That is 3 + 7 = 10.\n#### 10"));
        assertThat(MODEL.dial().forQuality(0.95).strongShare()).isBetween(0.2, 0.6);
    }

    @Test
    void aFileHoldsTheWholeModelAndTheSameSeedGivesTheSameBytes() {
        byte[] bytes = MODEL.toBytes();

        assertThat(AnswerModel.parse(bytes).toBytes()).isEqualTo(bytes);
        assertThat(AnswerModelTrainer.withSeed(3).train(TRAINING).toBytes()).isEqualTo(bytes);
        assertThatThrownBy(() -> RoutingModel.parse(bytes)).hasMessageContaining("model file is of another kind");
    }

    @Test
    void refusesOutcomesWithoutAnswersOrWithOneClass() {
        assertThatThrownBy(() -> AnswerModelTrainer.withSeed(1)
                        .train(TRAINING.stream()
                                .map(each -> RoutingOutcome.of(each.prompt(), each.strong(), each.weak()))
                                .toList()))
                .isInstanceOf(LearnedModelException.class)
                .hasMessage("answer of row 1 is missing, expected the weak model's answer");
        assertThatThrownBy(() -> AnswerModelTrainer.withSeed(1)
                        .train(TRAINING.stream()
                                .map(each ->
                                        new RoutingOutcome(each.prompt(), 1, 0, Optional.empty(), each.weakAnswer()))
                                .toList()))
                .isInstanceOf(LearnedModelException.class)
                .hasMessageContaining("weak is 0.0 in every row");
    }
}

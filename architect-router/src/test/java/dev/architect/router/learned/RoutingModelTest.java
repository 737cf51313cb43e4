package dev.architect.router.learned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.architect.router.evaluation.RoutingCurve;
import dev.architect.router.learned.RoutingModelTrainer.Goal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RoutingModelTest {

    private static final List<RoutingOutcome> TRAINING = LearnedOutcomes.of(500, 1);
    private static final List<RoutingOutcome> UNSEEN = LearnedOutcomes.of(500, 2);
    private static final RoutingModel MODEL = RoutingModelTrainer.withSeed(3).train(TRAINING);

    @Test
    void ranksByWhatTheStrongModelGains() {
        double learned = gap(MODEL);
        double length = RoutingCurve.of(
                        UNSEEN.stream()
                                .mapToDouble(each -> each.prompt().length())
                                .toArray(),
                        strong(),
                        weak())
                .recoveredGap();

        assertThat(learned).isGreaterThan(0.65).isGreaterThan(length + 0.1);
    }

    @Test
    void theSameSeedGivesTheSameBytes() {
        byte[] again = RoutingModelTrainer.withSeed(3).train(TRAINING).toBytes();

        assertThat(again).isEqualTo(MODEL.toBytes()).hasSizeLessThan(2 * 1024 * 1024);
        assertThat(RoutingModelTrainer.withSeed(4).train(TRAINING).toBytes()).isNotEqualTo(again);
    }

    @Test
    void aFileHoldsTheWholeModel() {
        RoutingModel read = RoutingModel.parse(MODEL.toBytes());

        assertThat(read.toBytes()).isEqualTo(MODEL.toBytes());
        assertThat(read.rows()).isEqualTo(500);
        for (RoutingOutcome outcome : UNSEEN) {
            assertThat(read.assess(outcome.prompt())).isEqualTo(MODEL.assess(outcome.prompt()));
        }
    }

    @Test
    void strangersAreRankedByTheirLength() {
        List<String> strangers = List.of(
                "Hi!",
                "Translate: good morning",
                "SELECT name FROM customers WHERE city = ?\nORDER BY name\nLIMIT 10;",
                "Which of the following is right?\nA. This one.\nB. That one.\nC. Both of them.\nD. None.\nAnswer:",
                "Der schnelle braune Fuchs springt über den faulen Hund, und niemand weiß warum. ".repeat(5));

        double before = Double.NEGATIVE_INFINITY;
        for (String prompt : strangers) {
            RoutingModel.Assessment assessment = MODEL.assess(prompt);
            assertThat(assessment.isFamiliar()).as(prompt).isFalse();
            assertThat(assessment.score()).as(prompt).isGreaterThan(before);
            before = assessment.score();
        }
        assertThat(UNSEEN.stream()
                        .filter(each -> MODEL.assess(each.prompt()).isFamiliar())
                        .count())
                .isGreaterThan(475);
    }

    @Test
    void saysHowProbablyTheWeakModelIsWrong() {
        double said = UNSEEN.stream()
                .mapToDouble(each -> MODEL.assess(each.prompt()).weakIsWrong())
                .average()
                .orElseThrow();
        double wrong = 1 - Arrays.stream(weak()).average().orElseThrow();

        assertThat(said).isCloseTo(wrong, within(0.06));
    }

    @Test
    void theDialGivesTheAskedQuality() {
        QualityDial.Setting setting = MODEL.dial().forQuality(0.9);

        double quality = UNSEEN.stream()
                .mapToDouble(each ->
                        MODEL.assess(each.prompt()).score() >= setting.threshold() ? each.strong() : each.weak())
                .average()
                .orElseThrow();
        assertThat(setting.relativeQuality()).isGreaterThanOrEqualTo(0.9);
        assertThat(setting.strongShare()).isBetween(0.2, 0.8);
        assertThat(quality / Arrays.stream(strong()).average().orElseThrow()).isGreaterThan(0.86);
        assertThat(setting.cascadeCost(0.1)).isCloseTo(setting.strongShare() + 0.1, within(1e-12));
        assertThat(MODEL.dial().forQuality(0).strongShare()).isZero();
        assertThat(MODEL.dial().forShare(0.3).strongShare()).isLessThanOrEqualTo(0.3);
        assertThatThrownBy(() -> MODEL.dial().forQuality(Double.NaN)).hasMessageContaining("expected 0 to 1");
    }

    @Test
    void ofNewKindsLengthIsAPart() {
        RoutingModel model =
                RoutingModelTrainer.withSeed(3).goal(Goal.NEW_KINDS).train(TRAINING);

        assertThat(gap(model)).isGreaterThan(0.6);
        assertThatThrownBy(() -> RoutingModelTrainer.withSeed(3)
                        .goal(Goal.NEW_KINDS)
                        .train(TRAINING.stream()
                                .map(each -> RoutingOutcome.of(each.prompt(), each.strong(), each.weak()))
                                .toList()))
                .hasMessage("group is empty, expected a group in every row");
    }

    @Test
    void refusesWhatNothingCanBeLearnedFrom() {
        assertThatThrownBy(() -> RoutingModelTrainer.withSeed(1).train(TRAINING.subList(0, 199)))
                .isInstanceOf(LearnedModelException.class)
                .hasMessage("rows is 199, expected at least 200");
        List<RoutingOutcome> equal = new ArrayList<>();
        TRAINING.forEach(each -> equal.add(RoutingOutcome.of(each.prompt(), 1, 0)));
        assertThatThrownBy(() -> RoutingModelTrainer.withSeed(1).train(equal))
                .isInstanceOfSatisfying(LearnedModelException.class, failure -> {
                    assertThat(failure.field()).isEqualTo("strong - weak");
                    assertThat(failure.value()).isEqualTo("1.0 in every row");
                });
        assertThatThrownBy(() -> RoutingOutcome.of("x", Double.NaN, 0))
                .isInstanceOf(LearnedModelException.class)
                .hasMessage("strong is NaN, expected 0 to 1");
    }

    @Test
    void refusesADamagedFile() {
        byte[] bytes = MODEL.toBytes();

        assertRefused(with(bytes, 5_000, bytes[5_000] ^ 1), "checksum");
        assertRefused(with(bytes, 11, 9), "version is 9, expected 1");
        assertRefused(with(bytes, 0, 'X'), "model file is of another kind");
        assertRefused(Arrays.copyOf(bytes, bytes.length - 1), "length");
        assertRefused(Arrays.copyOf(bytes, bytes.length + 1), "length");
        assertRefused(new byte[3], "model file is 3 bytes");
    }

    private static void assertRefused(byte[] bytes, String message) {
        assertThatThrownBy(() -> RoutingModel.parse(bytes))
                .isInstanceOf(LearnedModelException.class)
                .hasMessageContaining(message);
    }

    private static byte[] with(byte[] bytes, int at, int value) {
        byte[] changed = bytes.clone();
        changed[at] = (byte) value;
        return changed;
    }

    private static double gap(RoutingModel model) {
        return RoutingCurve.of(
                        UNSEEN.stream()
                                .mapToDouble(each -> model.assess(each.prompt()).learnedScore())
                                .toArray(),
                        strong(),
                        weak())
                .recoveredGap();
    }

    private static double[] strong() {
        return UNSEEN.stream().mapToDouble(RoutingOutcome::strong).toArray();
    }

    private static double[] weak() {
        return UNSEEN.stream().mapToDouble(RoutingOutcome::weak).toArray();
    }

    @Test
    void dialOfScoresThatDoNotFitTheQualitiesIsRefused() {
        double[] two = {1, 0};

        assertThatThrownBy(() -> QualityDial.of(two, two, new double[] {1}))
                .isInstanceOf(LearnedModelException.class)
                .hasMessage("rows is 2, 2 and 1, expected as many scores as qualities, at least one");
        assertThatThrownBy(() -> QualityDial.of(new double[0], new double[0], new double[0]))
                .isInstanceOf(LearnedModelException.class);
        assertThat(QualityDial.of(two, two, new double[] {0, 0}).forQuality(1).threshold())
                .isEqualTo(1);
    }
}

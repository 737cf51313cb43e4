package dev.architect.router.learned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A choice among several models: each is good at one task, one of them at all and dear. */
final class QualityModelTest {

    private static final Map<String, Double> PRICES = Map.of("coder", 0.2, "poet", 0.2, "all-round", 0.9);
    private static final List<QualityOutcome> TRAINING = outcomes(600, 1);
    private static final List<QualityOutcome> UNSEEN = outcomes(600, 2);
    private static final QualityModel MODEL = QualityModelTrainer.withSeed(3).train(TRAINING, PRICES);

    private static List<QualityOutcome> outcomes(int rows, long seed) {
        Random random = new Random(seed);
        String[] things = {"list", "tree", "queue", "map", "string"};
        String[] moods = {"sad", "merry", "calm", "wild", "short"};
        List<QualityOutcome> outcomes = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            boolean isCode = random.nextBoolean();
            String prompt = isCode
                    ? "Write a function that sorts a " + things[random.nextInt(5)] + " of " + random.nextInt(90)
                            + " numbers and returns the largest."
                    : "Write a " + moods[random.nextInt(5)] + " poem about the sea, with " + (2 + random.nextInt(9))
                            + " lines and rhymes.";
            Map<String, Double> qualities = new HashMap<>();
            qualities.put("coder", random.nextDouble() < (isCode ? 0.9 : 0.2) ? 1.0 : 0.0);
            qualities.put("poet", random.nextDouble() < (isCode ? 0.2 : 0.9) ? 1.0 : 0.0);
            qualities.put("all-round", random.nextDouble() < 0.85 ? 1.0 : 0.0);
            outcomes.add(new QualityOutcome(prompt, Optional.of(isCode ? "code" : "poem"), qualities));
        }
        return outcomes;
    }

    private static double quality(PriceDial.Setting setting) {
        return UNSEEN.stream()
                .mapToDouble(each -> each.qualities().get(MODEL.choose(each.prompt(), setting)))
                .average()
                .orElseThrow();
    }

    private static double price(PriceDial.Setting setting) {
        return UNSEEN.stream()
                .mapToDouble(each -> PRICES.get(MODEL.choose(each.prompt(), setting)))
                .average()
                .orElseThrow();
    }

    @Test
    void choosesTheModelThatIsGoodAtTheTask() {
        PriceDial.Setting cheap = MODEL.dial().forPrice(0.25);

        assertThat(price(cheap)).isLessThan(0.25);
        assertThat(quality(cheap)).isGreaterThan(0.85);
        assertThat(cheap.quality()).isGreaterThan(0.85);
        QualityModel.Expectation expected = MODEL.expect(UNSEEN.get(0).prompt());
        assertThat(expected.task()).isEqualTo(UNSEEN.get(0).task().orElseThrow());
        assertThat(expected.isFamiliar()).isTrue();
        assertThat(expected.qualities()).containsOnlyKeys("coder", "poet", "all-round");
        assertThat(MODEL.models()).containsExactly("all-round", "coder", "poet");
        assertThat(MODEL.prices()).isEqualTo(PRICES);
    }

    @Test
    void aPromptOfAnotherKindIsExpectedToBeAnsweredAsThoseOverAll() {
        QualityModel.Expectation expected =
                MODEL.expect("Der schnelle braune Fuchs springt über den faulen Hund. ".repeat(9));

        assertThat(expected.isFamiliar()).isFalse();
        assertThat(expected.qualities().get("all-round")).isBetween(0.8, 0.9);
        assertThat(expected.qualities().get("coder")).isBetween(0.45, 0.65);
    }

    @Test
    void theDialKeepsToAPriceAndToAQuality() {
        assertThat(MODEL.dial().forQuality(0.8).quality()).isGreaterThanOrEqualTo(0.8);
        assertThat(MODEL.dial().forQuality(0.8).price()).isLessThan(0.3);
        assertThat(MODEL.dial().forQuality(1)).isEqualTo(MODEL.dial().forPrice(9));
        assertThat(MODEL.dial().forBest().priceWeight()).isZero();
        assertThat(MODEL.dial().forPrice(0).price()).isLessThan(0.25);
        assertThatThrownBy(() -> MODEL.dial().forPrice(Double.NaN))
                .hasMessageContaining("expected a price of 0 or more");
        assertThatThrownBy(() -> MODEL.dial().forQuality(1.1)).hasMessageContaining("expected 0 to 1");
    }

    @Test
    void aFileHoldsTheWholeModelAndTheSameSeedGivesTheSameBytes() {
        byte[] bytes = MODEL.toBytes();
        QualityModel read = QualityModel.parse(bytes);

        assertThat(read.toBytes()).isEqualTo(bytes).hasSizeLessThan(2 * 1024 * 1024);
        assertThat(QualityModelTrainer.withSeed(3).train(TRAINING, PRICES).toBytes())
                .isEqualTo(bytes);
        assertThat(read.rows()).isEqualTo(600);
        for (QualityOutcome outcome : UNSEEN.subList(0, 50)) {
            assertThat(read.expect(outcome.prompt())).isEqualTo(MODEL.expect(outcome.prompt()));
        }
    }

    @Test
    void refusesADamagedFile() {
        byte[] bytes = MODEL.toBytes();
        byte[] changed = bytes.clone();
        changed[bytes.length / 2] ^= 1;

        refused(changed, "checksum");
        refused(Arrays.copyOf(bytes, bytes.length / 2), "length");
        refused(
                RoutingModelTrainer.withSeed(1)
                        .train(LearnedOutcomes.of(300, 1))
                        .toBytes(),
                "of another kind");
    }

    private static void refused(byte[] bytes, String message) {
        assertThatThrownBy(() -> QualityModel.parse(bytes))
                .isInstanceOf(LearnedModelException.class)
                .hasMessageContaining(message);
    }

    @Test
    void refusesWhatNothingCanBeLearnedFrom() {
        QualityModelTrainer trainer = QualityModelTrainer.withSeed(1);
        refused(() -> trainer.train(TRAINING.subList(0, 199), PRICES), "rows is 199, expected at least 200");
        refused(
                () -> trainer.train(TRAINING, Map.of("coder", 0.2, "poet", 0.2)),
                "price of all-round is missing, expected a price for each model");
        refused(
                () -> trainer.train(TRAINING, Map.of("coder", 0.2, "poet", 0.2, "all-round", Double.NaN)),
                "price of all-round is NaN, expected 0 or more");
        List<QualityOutcome> other = new ArrayList<>(TRAINING);
        other.set(7, new QualityOutcome("x", Optional.empty(), Map.of("coder", 1.0)));
        refused(() -> trainer.train(other, PRICES), "models of row 8 is [coder], expected [all-round, coder, poet]");
        List<QualityOutcome> equal = TRAINING.stream()
                .map(each -> new QualityOutcome(each.prompt(), each.task(), Map.of("coder", 1.0, "poet", 1.0)))
                .toList();
        refused(() -> trainer.train(equal, PRICES), "qualities is equal for all models in every row");
        refused(
                () -> new QualityOutcome("x", Optional.empty(), Map.of("coder", 1.5)),
                "quality of coder is 1.5, expected 0 to 1");
        refused(() -> new QualityOutcome("x", Optional.empty(), Map.of()), "qualities is empty");
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(LearnedModelException.class).hasMessageContaining(message);
    }
}

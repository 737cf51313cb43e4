package dev.architect.router.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.choice.ChoiceReason;
import dev.architect.choice.LearnedChoice;
import dev.architect.cost.Money;
import dev.architect.model.ModelId;
import dev.architect.record.Feedback;
import dev.architect.router.bandit.BanditSettings;
import dev.architect.router.learned.LearnedModelException;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Feedback about answers, and what cannot be learned from. */
class OnlineLearningTest {

    private static final Instant NOW = Instant.parse("2026-11-29T09:00:00Z");
    private static final ModelId CHEAP = ModelId.parse("p/cheap");
    private static final ModelId STRONG = ModelId.parse("p/strong");

    private final OnlineLearning learning = new OnlineLearning(BanditSettings.STANDARD, CHEAP, STRONG);

    private static LearnedChoice leaningTo(ModelId model) {
        return new LearnedChoice(
                "length",
                ChoiceReason.NO_MODEL,
                model,
                model.equals(STRONG) ? 2_000 : 20,
                1_000,
                1,
                OptionalDouble.empty(),
                OptionalDouble.empty());
    }

    @Test
    void promptsThatLeanToTheStrongModelAreLearnedAboutByThemselves() {
        int strong = 0;
        int cheap = 0;
        for (int i = 0; i < 600; i++) {
            for (ModelId leaning : new ModelId[] {CHEAP, STRONG}) {
                String id = leaning.model() + i;
                LearnedChoice choice = learning.choose(id, leaningTo(leaning));
                boolean isRight = choice.chosen().equals(leaning);
                strong += i >= 500 && leaning.equals(STRONG) && isRight ? 1 : 0;
                cheap += i >= 500 && leaning.equals(CHEAP) && isRight ? 1 : 0;
                learning.answered(id, choice, Money.ZERO, Duration.ZERO);
                learning.learn(isRight ? Feedback.accepted(id, NOW) : Feedback.rejected(id, NOW));
            }
        }

        assertThat(strong).isGreaterThan(90);
        assertThat(cheap).isGreaterThan(90);
    }

    @Test
    void feedbackAboutAnUnknownRequestIsRefused() {
        assertThatThrownBy(() -> learning.learn(Feedback.accepted("never-asked", NOW)))
                .isInstanceOf(LearnedModelException.class)
                .hasMessage(
                        "requestId is never-asked, expected one of the last 10000 that online learning chose a model"
                                + " for and that has no feedback yet");
    }

    @Test
    void feedbackIsLearnedFromOnceAndOldAnswersAreForgotten() {
        LearnedChoice choice = learning.choose("first", leaningTo(CHEAP));
        learning.answered("first", choice, Money.ZERO, Duration.ZERO);
        learning.learn(Feedback.accepted("first", NOW));
        assertThatThrownBy(() -> learning.learn(Feedback.accepted("first", NOW)))
                .isInstanceOf(LearnedModelException.class);

        for (int i = 0; i <= OnlineLearning.MOST_ANSWERS; i++) {
            learning.answered("later-" + i, choice, Money.ZERO, Duration.ZERO);
        }
        assertThatThrownBy(() -> learning.learn(Feedback.accepted("later-0", NOW)))
                .isInstanceOf(LearnedModelException.class);
        learning.learn(Feedback.accepted("later-1", NOW));
    }
}

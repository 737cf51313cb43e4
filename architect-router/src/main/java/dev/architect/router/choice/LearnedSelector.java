package dev.architect.router.choice;

import dev.architect.answer.AnswerChecker;
import dev.architect.choice.ChoiceReason;
import dev.architect.choice.LearnedChoice;
import dev.architect.cost.Money;
import dev.architect.model.ModelId;
import dev.architect.record.DecisionRecord;
import dev.architect.record.Feedback;
import dev.architect.router.learned.AnswerModel;
import dev.architect.router.learned.LearnedModelException;
import dev.architect.router.learned.QualityDial;
import dev.architect.router.learned.RoutingModel;
import dev.architect.router.verification.AnswerModelChecker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses between the two models of {@link LearnedSettings} for a request. Immutable but for what it learns from feedback; safe for use by several
 * threads.
 */
public final class LearnedSelector {

    private static final Logger LOG = LoggerFactory.getLogger(LearnedSelector.class);

    private static final String LENGTH = "length";

    private final LearnedSettings settings;
    private final LearnedModels models;
    private final QualityDial.@Nullable Setting promptSetting;
    private final QualityDial.@Nullable Setting answerSetting;
    private final @Nullable AnswerChecker checker;
    private final @Nullable OnlineLearning learning;

    private LearnedSelector(LearnedSettings settings, LearnedModels models, @Nullable OnlineLearning learning) {
        this.settings = settings;
        this.models = models;
        LearnedModels.Named<RoutingModel> prompt = models.prompt();
        LearnedModels.Named<AnswerModel> answer = models.answer();
        this.promptSetting =
                prompt == null ? null : promptSetting(prompt.model().dial());
        this.answerSetting = answer == null ? null : setting(answer.model().dial());
        this.checker = answer == null || answerSetting == null
                ? null
                : AnswerModelChecker.at(answerSetting.threshold(), answer.model())
                        .onlyFor(settings.cheap());
        this.learning = learning;
    }

    /**
     * Loads the models of the settings.
     *
     * @param before the selector that this one takes the place of; what that one learned from feedback is kept where the choice is the
     *     same
     * @throws LearnedModelException when a file is missing, damaged, or of another kind or version
     */
    public static LearnedSelector load(LearnedSettings settings, @Nullable LearnedSelector before) {
        return new LearnedSelector(settings, LearnedModels.load(settings), learning(settings, before));
    }

    /**
     * Loads the models of the settings for a router that begins. A file that cannot be used is logged, and prompts go by their length, where
     * the settings say so.
     *
     * @throws LearnedModelException when a file cannot be used and the settings say nothing else
     */
    public static LearnedSelector begin(LearnedSettings settings) {
        try {
            return load(settings, null);
        } catch (LearnedModelException unusable) {
            return switch (settings.whenUnusable()) {
                case ERROR -> throw unusable;
                case LENGTH -> {
                    LOG.warn("prompts are routed by their length: {}", unusable.getMessage());
                    yield new LearnedSelector(settings, LearnedModels.NONE, learning(settings, null));
                }
            };
        }
    }

    private static @Nullable OnlineLearning learning(LearnedSettings settings, @Nullable LearnedSelector before) {
        if (settings.bandit().isEmpty()) {
            return null;
        }
        OnlineLearning known = before == null ? null : before.learning;
        return known != null && known.fits(settings.bandit().get(), settings.cheap(), settings.strong())
                ? known
                : new OnlineLearning(settings.bandit().get(), settings.cheap(), settings.strong());
    }

    private QualityDial.Setting setting(QualityDial dial) {
        QualityDial.Setting wanted = dial.forQuality(settings.dial().quality());
        return wanted.strongShare() > settings.dial().mostShare()
                ? dial.forShare(settings.dial().mostShare())
                : wanted;
    }

    private QualityDial.Setting promptSetting(QualityDial dial) {
        OptionalDouble given = settings.dial().threshold();
        // What a threshold of the host leads to was not measured.
        return given.isPresent()
                ? new QualityDial.Setting(given.getAsDouble(), Double.NaN, Double.NaN, Double.NaN)
                : setting(dial);
    }

    /** The cheap model. */
    public ModelId cheap() {
        return settings.cheap();
    }

    /** The strong model. */
    public ModelId strong() {
        return settings.strong();
    }

    /**
     * Chooses for a request.
     *
     * @param isCheckable whether its answer will be text, which can be checked
     * @param cheapPart what it would cost on the cheap model, as a part of the cost on the strong one; NaN when that is not known
     */
    public LearnedChoice choose(String requestId, String prompt, boolean isCheckable, double cheapPart) {
        return learning == null
                ? choose(prompt, isCheckable, cheapPart)
                : learning.choose(requestId, choose(prompt, false, cheapPart));
    }

    private LearnedChoice choose(String prompt, boolean isCheckable, double cheapPart) {
        LearnedModels.Named<RoutingModel> known = models.prompt();
        QualityDial.Setting setting = promptSetting;
        boolean canCheck = isCheckable && answerSetting != null;
        if (known == null || setting == null) {
            return canCheck ? cascade(cheapPart) : byCharacters(prompt);
        }
        RoutingModel.Assessment assessment = known.model().assess(prompt);
        if (!assessment.isFamiliar()) {
            return choice(known.name(), ChoiceReason.LENGTH, assessment.score(), setting, Double.NaN);
        }
        if (canCheck && isCascadeCheaper(setting, cheapPart)) {
            return cascade(cheapPart);
        }
        return choice(known.name(), ChoiceReason.LEARNED, assessment.score(), setting, setting.routedCost(cheapPart));
    }

    private boolean isCascadeCheaper(QualityDial.Setting routed, double cheapPart) {
        QualityDial.Setting checked = answerSetting;
        if (checked == null) {
            return false;
        }
        return Double.isNaN(cheapPart)
                ? checked.strongShare() < routed.strongShare()
                : checked.cascadeCost(cheapPart) < routed.routedCost(cheapPart);
    }

    private LearnedChoice cascade(double cheapPart) {
        QualityDial.Setting setting = answerSetting;
        LearnedModels.Named<AnswerModel> known = models.answer();
        if (setting == null || known == null) {
            throw new IllegalStateException("there is no answer model, expected one");
        }
        double cost = setting.cascadeCost(cheapPart);
        // Who would be asked in vain is not asked.
        boolean isInVain = setting.strongShare() >= 1 || cost >= 1;
        return new LearnedChoice(
                known.name(),
                isInVain ? ChoiceReason.LEARNED : ChoiceReason.CASCADE,
                isInVain ? settings.strong() : settings.cheap(),
                0,
                setting.threshold(),
                1,
                known(isInVain ? 1 : setting.relativeQuality()),
                known(isInVain ? 0 : 1 - cost));
    }

    private LearnedChoice byCharacters(String prompt) {
        int characters = prompt.codePointCount(0, prompt.length());
        return new LearnedChoice(
                LENGTH,
                ChoiceReason.NO_MODEL,
                characters >= settings.longFrom() ? settings.strong() : settings.cheap(),
                characters,
                settings.longFrom(),
                1,
                OptionalDouble.empty(),
                OptionalDouble.empty());
    }

    /** What a dial expects is about prompts of the kind that it was learned from. */
    private LearnedChoice choice(
            String by, ChoiceReason reason, double score, QualityDial.Setting setting, double cost) {
        boolean isLearned = reason == ChoiceReason.LEARNED;
        return new LearnedChoice(
                by,
                reason,
                score >= setting.threshold() ? settings.strong() : settings.cheap(),
                score,
                setting.threshold(),
                1,
                isLearned ? known(setting.relativeQuality()) : OptionalDouble.empty(),
                isLearned ? known(1 - cost) : OptionalDouble.empty());
    }

    private static OptionalDouble known(double value) {
        return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** What checks the answer of a request with such a choice; empty when it is returned as it is. */
    public Optional<AnswerChecker> checker(LearnedChoice choice) {
        boolean isChecked = choice.reason() == ChoiceReason.CASCADE
                || (learning != null && choice.chosen().equals(settings.cheap()));
        return isChecked ? Optional.ofNullable(checker) : Optional.empty();
    }

    /** Whether it learns from feedback. */
    public boolean learns() {
        return learning != null;
    }

    /** Notes what the answer to a request with such a choice cost, so that feedback about it can be learned from. */
    public void answered(String requestId, LearnedChoice choice, Money cost, Duration latency) {
        if (learning != null) {
            learning.answered(requestId, choice, cost, latency);
        }
    }

    /**
     * Learns from feedback.
     *
     * @throws LearnedModelException when it chose for no such request, or not lately, or has learned from it already
     */
    public void learn(Feedback feedback) {
        if (learning != null) {
            learning.learn(feedback);
        }
    }

    /** Learns from records of earlier processes, in their order. */
    public void restore(List<DecisionRecord> oldestFirst) {
        if (learning != null) {
            learning.restore(oldestFirst);
        }
    }

    /** Remembers what other nodes chose, so that feedback about it can be learned from. What is known already is left as it is. */
    public void remember(List<DecisionRecord> oldestFirst) {
        if (learning != null) {
            learning.remember(oldestFirst);
        }
    }

    /** Learns from feedback about remembered answers, of each once; what is about others is passed over. */
    public void learnOnce(List<Feedback> feedback) {
        if (learning != null) {
            learning.learnOnce(feedback);
        }
    }
}

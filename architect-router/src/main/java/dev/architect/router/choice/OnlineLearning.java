package dev.architect.router.choice;

import dev.architect.choice.ChoiceReason;
import dev.architect.choice.LearnedChoice;
import dev.architect.cost.Money;
import dev.architect.model.ModelId;
import dev.architect.record.DecisionRecord;
import dev.architect.record.Feedback;
import dev.architect.router.bandit.Bandit;
import dev.architect.router.bandit.BanditSettings;
import dev.architect.router.learned.LearnedModelException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Learns from feedback whether the cheap model does: by itself for prompts that lean to the cheap and that lean to the strong model. Remembers
 * the last answers, about which there may be feedback. Safe for use by several threads.
 */
final class OnlineLearning {

    /** So many of the last answers are remembered. */
    static final int MOST_ANSWERS = 10_000;

    private static final int CHEAP = 0;
    private static final int STRONG = 1;

    /** Before there is feedback, the cheap model is expected to do where the prompt leans to it, and to do worse elsewhere. */
    private static final double[][] EXPECTED = {{0.9, 0.9}, {0.6, 0.9}};

    private final BanditSettings settings;
    private final ModelId cheap;
    private final ModelId strong;
    private final Bandit bandit;
    /** Answers without feedback, by their request; its lock guards both maps. */
    private final Map<String, Answer> answers = new Recent<>();
    /** Requests whose feedback was learned from. */
    private final Map<String, Boolean> learned = new Recent<>();

    /** The last entries. */
    private static final class Recent<V> extends LinkedHashMap<String, V> {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.@Nullable Entry<String, V> eldest) {
            return size() > MOST_ANSWERS;
        }
    }

    private record Answer(int kind, int arm, Money cost, Duration latency) {}

    OnlineLearning(BanditSettings settings, ModelId cheap, ModelId strong) {
        this.settings = settings;
        this.cheap = cheap;
        this.strong = strong;
        this.bandit = Bandit.expecting(settings, EXPECTED);
    }

    /** Whether what was learned so far counts for such a choice as well. */
    boolean fits(BanditSettings others, ModelId otherCheap, ModelId otherStrong) {
        return settings.equals(others) && cheap.equals(otherCheap) && strong.equals(otherStrong);
    }

    /** Chooses for a request that an earlier step leans to one of the models for. */
    LearnedChoice choose(String requestId, LearnedChoice leaning) {
        Bandit.Pick pick = bandit.pick(kind(leaning), requestId);
        return new LearnedChoice(
                leaning.by(),
                pick.isBest() ? ChoiceReason.BANDIT : ChoiceReason.EXPLORED,
                pick.arm() == STRONG ? strong : cheap,
                leaning.score(),
                leaning.threshold(),
                pick.propensity(),
                leaning.expectedQuality(),
                leaning.expectedSaving());
    }

    /** A request with such a choice was answered. */
    void answered(String requestId, LearnedChoice choice, Money cost, Duration latency) {
        synchronized (answers) {
            if (!learned.containsKey(requestId)) {
                answers.put(requestId, new Answer(kind(choice), arm(choice), cost, latency));
            }
        }
    }

    /** Learns from feedback about a remembered answer. */
    void learn(Feedback feedback) {
        if (!learnIfKnown(feedback)) {
            throw new LearnedModelException(
                    "requestId",
                    feedback.requestId(),
                    "one of the last " + MOST_ANSWERS
                            + " that online learning chose a model for and that has no feedback yet");
        }
    }

    /** Learns from feedback about remembered answers, and passes over what is about others. */
    void learnOnce(List<Feedback> feedback) {
        feedback.forEach(this::learnIfKnown);
    }

    private boolean learnIfKnown(Feedback feedback) {
        Answer answer;
        synchronized (answers) {
            answer = answers.remove(feedback.requestId());
            if (answer != null) {
                learned.put(feedback.requestId(), true);
            }
        }
        if (answer == null) {
            return false;
        }
        bandit.learn(answer.kind, answer.arm, settings.reward(feedback.score(), answer.cost, answer.latency));
        return true;
    }

    /** Learns from records of earlier processes, and remembers those without feedback. Those with another choice say nothing. */
    void restore(List<DecisionRecord> oldestFirst) {
        for (DecisionRecord record : oldestFirst) {
            remember(record);
            record.feedback().ifPresent(this::learnIfKnown);
        }
    }

    /** Remembers answers of other nodes that are not known yet. */
    void remember(List<DecisionRecord> oldestFirst) {
        oldestFirst.forEach(this::remember);
    }

    private void remember(DecisionRecord record) {
        LearnedChoice choice = record.choice().orElse(null);
        if (choice != null && isOfBandit(choice)) {
            Answer answer = new Answer(
                    kind(choice),
                    arm(choice),
                    record.result().spent(),
                    record.result().latency());
            synchronized (answers) {
                if (!learned.containsKey(record.requestId())) {
                    answers.putIfAbsent(record.requestId(), answer);
                }
            }
        }
    }

    private boolean isOfBandit(LearnedChoice choice) {
        return (choice.reason() == ChoiceReason.BANDIT || choice.reason() == ChoiceReason.EXPLORED)
                && (choice.chosen().equals(cheap) || choice.chosen().equals(strong));
    }

    private static int kind(LearnedChoice choice) {
        return choice.score() >= choice.threshold() ? STRONG : CHEAP;
    }

    private int arm(LearnedChoice choice) {
        return choice.chosen().equals(strong) ? STRONG : CHEAP;
    }
}

package dev.architect.router.choice;

import dev.architect.model.ModelId;
import dev.architect.router.bandit.BanditSettings;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A choice between a cheap and a strong model of the policy, by learned models. It is made for requests that leave model and quality to the router, for
 * which no rule decides, and that both models may answer; it takes the place of the floor of their complexity.
 *
 * @param cheap the model that answers what it is good enough for
 * @param strong the model for the rest; another one
 * @param promptModel the file of a {@link dev.architect.router.learned.RoutingModel}, which chooses before a call; empty for none
 * @param answerModel the file of an {@link dev.architect.router.learned.AnswerModel}, which checks answers of the cheap model; empty for
 *     none. With both, the way that is expected to cost less at the wanted quality is taken
 * @param dial how much goes to the strong model
 * @param longFrom without a model that can be used, prompts of so many characters or more go to the strong model; 1 to 1,000,000
 * @param whenUnusable what happens to a router that begins with a model file that cannot be used
 * @param bandit learns from feedback on top, which of the two models to choose; empty for none
 */
public record LearnedSettings(
        ModelId cheap,
        ModelId strong,
        Optional<Path> promptModel,
        Optional<Path> answerModel,
        Dial dial,
        int longFrom,
        WhenUnusable whenUnusable,
        Optional<BanditSettings> bandit) {

    /** Prompts of so many characters or more are long, unless the settings say otherwise. */
    public static final int USUAL_LONG_FROM = 1_000;

    /** The largest {@link #longFrom}. */
    public static final int MOST_LONG_FROM = 1_000_000;

    /** 95 % of the strong model's quality. */
    public static final Dial USUAL_DIAL = Dial.ofQuality(0.95);

    /** Checks every field. */
    public LearnedSettings {
        Objects.requireNonNull(cheap, "cheap");
        Objects.requireNonNull(strong, "strong");
        Objects.requireNonNull(promptModel, "promptModel");
        Objects.requireNonNull(answerModel, "answerModel");
        Objects.requireNonNull(dial, "dial");
        Objects.requireNonNull(whenUnusable, "whenUnusable");
        Objects.requireNonNull(bandit, "bandit");
        if (cheap.equals(strong)) {
            throw new IllegalArgumentException("strong is " + strong + ", expected another model than cheap");
        }
        if (longFrom < 1 || longFrom > MOST_LONG_FROM) {
            throw new IllegalArgumentException("longFrom is " + longFrom + ", expected 1.." + MOST_LONG_FROM);
        }
    }

    /** Returns a choice by length alone, to be completed by the {@code with} methods. */
    public static LearnedSettings between(ModelId cheap, ModelId strong) {
        return new LearnedSettings(
                cheap,
                strong,
                Optional.empty(),
                Optional.empty(),
                USUAL_DIAL,
                USUAL_LONG_FROM,
                WhenUnusable.ERROR,
                Optional.empty());
    }

    /** Returns a copy that chooses by the model of a file before a call. */
    public LearnedSettings withPromptModel(Path file) {
        return new LearnedSettings(cheap, strong, Optional.of(file), answerModel, dial, longFrom, whenUnusable, bandit);
    }

    /** Returns a copy that checks answers of the cheap model by the model of a file. */
    public LearnedSettings withAnswerModel(Path file) {
        return new LearnedSettings(cheap, strong, promptModel, Optional.of(file), dial, longFrom, whenUnusable, bandit);
    }

    /** Returns a copy with another dial. */
    public LearnedSettings withDial(Dial other) {
        return new LearnedSettings(cheap, strong, promptModel, answerModel, other, longFrom, whenUnusable, bandit);
    }

    /** Returns a copy that calls prompts of so many characters or more long. */
    public LearnedSettings withLongFrom(int characters) {
        return new LearnedSettings(cheap, strong, promptModel, answerModel, dial, characters, whenUnusable, bandit);
    }

    /** Returns a copy with another way to begin when a model file cannot be used. */
    public LearnedSettings withWhenUnusable(WhenUnusable other) {
        return new LearnedSettings(cheap, strong, promptModel, answerModel, dial, longFrom, other, bandit);
    }

    /** Returns a copy that learns from feedback. */
    public LearnedSettings withBandit(BanditSettings settings) {
        return new LearnedSettings(
                cheap, strong, promptModel, answerModel, dial, longFrom, whenUnusable, Optional.of(settings));
    }

    /** What a router does that begins with a model file that is missing, damaged, or of another kind or version. */
    public enum WhenUnusable {
        /** It is not made: a {@link dev.architect.router.learned.LearnedModelException} says what is wrong. */
        ERROR,
        /** It logs what is wrong, and goes on by the length of prompts. */
        LENGTH
    }

    /**
     * How much goes to the strong model.
     *
     * @param quality as little as reaches this part of the strong model's quality on the outcomes that a model was trained on, above 0 to 1
     * @param mostShare but at most this share of the requests, above 0 to 1
     * @param threshold in place of both for the prompt model: what has at least this score of it; empty for none
     */
    public record Dial(double quality, double mostShare, OptionalDouble threshold) {

        /** Checks the ranges. */
        public Dial {
            part("quality", quality);
            part("mostShare", mostShare);
            if (threshold.isPresent() && !Double.isFinite(threshold.getAsDouble())) {
                throw new IllegalArgumentException(
                        "threshold is " + threshold.getAsDouble() + ", expected a finite number");
            }
        }

        /** Returns a dial for a part of the strong model's quality. */
        public static Dial ofQuality(double part) {
            return new Dial(part, 1, OptionalDouble.empty());
        }

        private static void part(String field, double value) {
            // Also false for NaN.
            if (!(value > 0 && value <= 1)) {
                throw new IllegalArgumentException(field + " is " + value + ", expected above 0.0 to 1.0");
            }
        }
    }
}

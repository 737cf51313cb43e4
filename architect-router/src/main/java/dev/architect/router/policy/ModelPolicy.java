package dev.architect.router.policy;

import dev.architect.model.ModelId;
import dev.architect.request.CallLimits;
import dev.architect.router.rule.ModelTraits;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the policy holds about one model.
 *
 * @param id the model
 * @param quality how good its answers are, 0 to 100
 * @param maxConcurrent the largest number of calls to it at the same time, at least 1
 * @param contextTokens its context window: prompt and answer together, at least 1
 * @param expectedOutputTokens tokens of its usual answer, for estimates; empty uses a value by complexity
 * @param isEnabled whether it may answer at all
 * @param limits how long one streamed call to it may take; empty for the limits of the policy
 * @param concurrency whether {@code maxConcurrent} holds at once, or is what is grown towards
 * @param traits what rules and strategies go by
 */
public record ModelPolicy(
        ModelId id,
        int quality,
        int maxConcurrent,
        int contextTokens,
        OptionalInt expectedOutputTokens,
        boolean isEnabled,
        Optional<CallLimits> limits,
        Concurrency concurrency,
        ModelTraits traits) {

    /** How the number of calls to a model at the same time is limited. */
    public enum Concurrency {
        /** To {@link ModelPolicy#maxConcurrent()}. */
        FIXED,
        /**
         * To a number that starts low, grows with answers up to {@link ModelPolicy#maxConcurrent()}, and falls when the provider refuses calls or
         * becomes slow.
         */
        ADAPTIVE
    }

    /** The calls to a model at the same time when nothing else is said. */
    public static final int USUAL_CONCURRENT = 8;

    static final int MAX_CONCURRENT = 10_000;
    static final int MAX_TOKENS = 1_000_000_000;

    /** Creates a model with the limits of the policy. */
    public ModelPolicy(
            ModelId id,
            int quality,
            int maxConcurrent,
            int contextTokens,
            OptionalInt expectedOutputTokens,
            boolean isEnabled) {
        this(
                id,
                quality,
                maxConcurrent,
                contextTokens,
                expectedOutputTokens,
                isEnabled,
                Optional.empty(),
                Concurrency.FIXED,
                ModelTraits.STANDARD);
    }

    /** Creates a model whose calls at the same time are limited to a fixed number. */
    public ModelPolicy(
            ModelId id,
            int quality,
            int maxConcurrent,
            int contextTokens,
            OptionalInt expectedOutputTokens,
            boolean isEnabled,
            Optional<CallLimits> limits) {
        this(
                id,
                quality,
                maxConcurrent,
                contextTokens,
                expectedOutputTokens,
                isEnabled,
                limits,
                Concurrency.FIXED,
                ModelTraits.STANDARD);
    }

    /** Checks every number as {@link RoutingPolicy#load} does. */
    public ModelPolicy {
        PolicyChecks.range("quality", quality, 0, RoutingPolicy.MAX_QUALITY);
        PolicyChecks.range("maxConcurrent", maxConcurrent, 1, MAX_CONCURRENT);
        PolicyChecks.range("contextTokens", contextTokens, 1, MAX_TOKENS);
        expectedOutputTokens.ifPresent(tokens -> PolicyChecks.range("expectedOutputTokens", tokens, 1, MAX_TOKENS));
        limits.ifPresent(PolicyChecks::limits);
        Objects.requireNonNull(concurrency, "concurrency");
        Objects.requireNonNull(traits, "traits");
    }

    /**
     * Returns a builder of a model that may answer, with everything else as it is when a file leaves it out.
     *
     * @param id the model, {@code provider/model}
     * @param quality how good its answers are, 0 to 100
     * @param contextTokens its context window, at least 1
     */
    public static Builder builder(String id, int quality, int contextTokens) {
        return new Builder(ModelId.parse(id), quality, contextTokens);
    }

    /** Returns a builder that starts from this model, for one that differs in some settings. */
    public Builder toBuilder() {
        Builder builder = new Builder(id, quality, contextTokens)
                .maxConcurrent(maxConcurrent)
                .enabled(isEnabled)
                .concurrency(concurrency)
                .traits(traits);
        builder.expectedOutputTokens = expectedOutputTokens;
        builder.limits = limits;
        return builder;
    }

    /** Collects the settings of a model. Not safe for use by several threads. */
    public static final class Builder {
        private final ModelId id;
        private int quality;
        private int contextTokens;
        private int maxConcurrent = USUAL_CONCURRENT;
        private OptionalInt expectedOutputTokens = OptionalInt.empty();
        private boolean isEnabled = true;
        private Optional<CallLimits> limits = Optional.empty();
        private Concurrency concurrency = Concurrency.FIXED;
        private ModelTraits traits = ModelTraits.STANDARD;

        private Builder(ModelId id, int quality, int contextTokens) {
            this.id = id;
            this.quality = quality;
            this.contextTokens = contextTokens;
        }

        /** How good its answers are, 0 to 100. */
        public Builder quality(int changed) {
            this.quality = changed;
            return this;
        }

        /** Its context window in tokens: prompt and answer together, at least 1. */
        public Builder contextTokens(int tokens) {
            this.contextTokens = tokens;
            return this;
        }

        /** The largest number of calls to it at the same time, at least 1; {@value #USUAL_CONCURRENT} when not set. */
        public Builder maxConcurrent(int calls) {
            this.maxConcurrent = calls;
            return this;
        }

        /** How the calls at the same time are limited; {@link Concurrency#FIXED} when not set. */
        public Builder concurrency(Concurrency kind) {
            this.concurrency = kind;
            return this;
        }

        /** Tokens of its usual answer, for estimates, at least 1; a value by complexity when not set. */
        public Builder expectedOutputTokens(int tokens) {
            this.expectedOutputTokens = OptionalInt.of(tokens);
            return this;
        }

        /** Whether it may answer at all; true when not set. */
        public Builder enabled(boolean mayAnswer) {
            this.isEnabled = mayAnswer;
            return this;
        }

        /** How long one streamed call to it may take; the limits of the policy when not set. A model that reasons needs longer ones. */
        public Builder limits(CallLimits ofOneCall) {
            this.limits = Optional.of(ofOneCall);
            return this;
        }

        /** What rules and strategies go by; {@link ModelTraits#STANDARD} when not set. */
        public Builder traits(ModelTraits changed) {
            this.traits = changed;
            return this;
        }

        /** Whether prompts stay with the host; false when not set. */
        public Builder local(boolean staysHere) {
            return traits(new ModelTraits(staysHere, traits.weight(), traits.tier()));
        }

        /** Its share where models take turns, 0 to 1,000; 1 when not set. With 0 it takes no traffic and stays a fallback. */
        public Builder weight(int share) {
            return traits(new ModelTraits(traits.isLocal(), share, traits.tier()));
        }

        /** The tier that it is in; the one that its quality makes it when not set. */
        public Builder tier(String name) {
            return traits(new ModelTraits(traits.isLocal(), traits.weight(), Optional.of(name)));
        }

        /**
         * Returns the model.
         *
         * @throws IllegalArgumentException when a number is out of its range
         */
        public ModelPolicy build() {
            return new ModelPolicy(
                    id,
                    quality,
                    maxConcurrent,
                    contextTokens,
                    expectedOutputTokens,
                    isEnabled,
                    limits,
                    concurrency,
                    traits);
        }
    }
}

package dev.architect.route;

import dev.architect.check.Check;
import dev.architect.cost.Cost;
import dev.architect.cost.Money;
import dev.architect.model.Capability;
import dev.architect.model.ModelId;
import java.math.MathContext;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * A model that may not answer, and the numbers that show it. {@link #code} has one constant for each kind, for a switch
 * without a default branch.
 */
public sealed interface Exclusion {

    /** The model. */
    ModelId model();

    /** Why it is left out. */
    ExclusionReason code();

    /** Renders why it is left out, in English: a predicate of which the model is the subject. */
    String reason();

    /**
     * The policy has it switched off.
     *
     * @param model the model
     */
    record Disabled(ModelId model) implements Exclusion {

        /** Checks that it is there. */
        public Disabled {
            Check.notNull("model", model);
        }

        @Override
        public ExclusionReason code() {
            return ExclusionReason.DISABLED;
        }

        @Override
        public String reason() {
            return "is switched off in the policy";
        }
    }

    /**
     * The request names another model.
     *
     * @param model the model
     */
    record OtherModelNamed(ModelId model) implements Exclusion {

        /** Checks that it is there. */
        public OtherModelNamed {
            Check.notNull("model", model);
        }

        @Override
        public ExclusionReason code() {
            return ExclusionReason.OTHER_MODEL_NAMED;
        }

        @Override
        public String reason() {
            return "is not the model that the request names";
        }
    }

    /**
     * The request names it, and the policy does not list it.
     *
     * @param model the model
     */
    record NotInPolicy(ModelId model) implements Exclusion {

        /** Checks that it is there. */
        public NotInPolicy {
            Check.notNull("model", model);
        }

        @Override
        public ExclusionReason code() {
            return ExclusionReason.NOT_IN_POLICY;
        }

        @Override
        public String reason() {
            return "is not in the policy";
        }
    }

    /**
     * No provider of its name is configured.
     *
     * @param model the model
     */
    record ProviderNotConfigured(ModelId model) implements Exclusion {

        /** Checks that it is there. */
        public ProviderNotConfigured {
            Check.notNull("model", model);
        }

        @Override
        public ExclusionReason code() {
            return ExclusionReason.PROVIDER_NOT_CONFIGURED;
        }

        @Override
        public String reason() {
            return "needs provider " + model.provider() + ", which is not configured";
        }
    }

    /**
     * It lacks something that the request needs.
     *
     * @param model the model
     * @param missing what it lacks, at least one, in the order of the enum
     */
    record CapabilityMissing(ModelId model, Set<Capability> missing) implements Exclusion {

        /** Copies the capabilities and checks that there is one. */
        public CapabilityMissing {
            Check.notNull("model", model);
            if (Check.noNulls("missing", missing).isEmpty()) {
                throw new IllegalArgumentException("missing has 0 capabilities, expected 1 or more");
            }
            missing = Collections.unmodifiableSet(EnumSet.copyOf(missing));
        }

        @Override
        public ExclusionReason code() {
            return ExclusionReason.CAPABILITY_MISSING;
        }

        @Override
        public String reason() {
            return "lacks " + missing;
        }
    }

    /**
     * Prompt and answer do not fit its context window.
     *
     * @param model the model
     * @param contextTokens the size of its window
     * @param neededTokens about how many tokens prompt and answer have together
     */
    record ContextWindowTooSmall(ModelId model, long contextTokens, long neededTokens) implements Exclusion {

        /** Checks every field. */
        public ContextWindowTooSmall {
            Check.notNull("model", model);
        }

        @Override
        public ExclusionReason code() {
            return ExclusionReason.CONTEXT_WINDOW_TOO_SMALL;
        }

        @Override
        public String reason() {
            return "has a window of " + contextTokens + " tokens, about " + neededTokens + " are needed";
        }
    }

    /**
     * Other models reach the quality floor and this one does not.
     *
     * @param model the model
     * @param quality how good its answers are by the policy, 0 to 100
     * @param floor the floor that it does not reach
     */
    record BelowFloor(ModelId model, int quality, QualityFloor floor) implements Exclusion {

        /** Checks every field. */
        public BelowFloor {
            Check.notNull("model", model);
            Check.notNull("floor", floor);
        }

        @Override
        public ExclusionReason code() {
            return ExclusionReason.BELOW_FLOOR;
        }

        @Override
        public String reason() {
            return "has quality " + quality + ", under the " + floor.description();
        }
    }

    /**
     * Its provider does not know it, or does not serve it any more.
     *
     * @param model the model
     * @param since when a call first showed it
     * @param nextCheck from when on one request may try it again
     */
    record ModelGone(ModelId model, Instant since, Instant nextCheck) implements Exclusion {

        /** Checks every field. */
        public ModelGone {
            Check.notNull("model", model);
            Check.notNull("since", since);
            Check.notNull("nextCheck", nextCheck);
        }

        @Override
        public ExclusionReason code() {
            return ExclusionReason.MODEL_GONE;
        }

        @Override
        public String reason() {
            return "is unknown to its provider since " + since + ", next check at " + nextCheck;
        }
    }

    /**
     * The request may be answered on models of the host alone, and the policy does not list it as one.
     *
     * @param model the model
     * @param rule the routing rule that requires it
     */
    record NotLocal(ModelId model, String rule) implements Exclusion {

        /** Checks every field. */
        public NotLocal {
            Check.notNull("model", model);
            Check.notBlank("rule", rule);
        }

        @Override
        public ExclusionReason code() {
            return ExclusionReason.NOT_LOCAL;
        }

        @Override
        public String reason() {
            return "is not local, as rule '" + rule + "' requires";
        }
    }

    /**
     * The request would cost more on it than the routing rule or the request itself allows, or has no known price.
     *
     * @param model the model
     * @param rule the routing rule that sets the limit; empty for the request itself
     * @param estimate what the request would probably cost on it; unpriced models may cost anything
     * @param limit the most that the request may cost
     */
    record TooExpensive(ModelId model, String rule, Cost estimate, Money limit) implements Exclusion {

        /** Checks every field. */
        public TooExpensive {
            Check.notNull("model", model);
            Check.notNull("rule", rule);
            Check.notNull("estimate", estimate);
            Check.notNull("limit", limit);
        }

        @Override
        public ExclusionReason code() {
            return ExclusionReason.TOO_EXPENSIVE;
        }

        @Override
        public String reason() {
            String cost = estimate.amount()
                    .map(amount -> "would cost about " + dollars(amount))
                    .orElse("has no known price");
            return cost + ", " + (rule.isEmpty() ? "the request" : "rule '" + rule + "'") + " allows " + dollars(limit);
        }

        /** Four digits: rounded as elsewhere, what is a little too much would look like the limit itself. */
        private static String dollars(Money amount) {
            return "$"
                    + amount.usd()
                            .round(new MathContext(4))
                            .stripTrailingZeros()
                            .toPlainString();
        }
    }

    /**
     * The routing rule names the models that may answer, and it is not among them.
     *
     * @param model the model
     * @param rule the routing rule, or the arm of the experiment that names other models
     */
    record NotInRule(ModelId model, String rule) implements Exclusion {

        /** Checks every field. */
        public NotInRule {
            Check.notNull("model", model);
            Check.notBlank("rule", rule);
        }

        @Override
        public ExclusionReason code() {
            return ExclusionReason.NOT_IN_RULE;
        }

        @Override
        public String reason() {
            return "is not among the candidates of rule '" + rule + "'";
        }
    }

    /**
     * The policy pins the request to another model.
     *
     * @param model the model
     * @param pinned the model that may answer
     */
    record OtherModelPinned(ModelId model, ModelId pinned) implements Exclusion {

        /** Checks both fields. */
        public OtherModelPinned {
            Check.notNull("model", model);
            Check.notNull("pinned", pinned);
        }

        @Override
        public ExclusionReason code() {
            return ExclusionReason.OTHER_MODEL_PINNED;
        }

        @Override
        public String reason() {
            return "is not " + pinned + ", to which the policy pins the request";
        }
    }
}

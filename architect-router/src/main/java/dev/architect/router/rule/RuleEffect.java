package dev.architect.router.rule;

import dev.architect.cost.Money;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a rule, or an arm of an experiment, changes for a request. What is empty stays as it is without it.
 *
 * @param candidates the models that may answer, as {@code provider/model} or by tier; empty for all, or for those of {@code order}
 *     where that is given
 * @param order models or tiers in their order of failover, before all strategies; candidates that are not in it come after those that
 *     are
 * @param floor the least quality, 0 to 100, in place of the one that the complexity of the prompt sets; a quality that the request names
 *     is no less than its own floor
 * @param maxCost the most that the request may cost, above zero: a candidate that would probably cost more, or has no price, is left out,
 *     and so is one for which too little is left when calls of the same request have been paid for
 * @param firstTokenGoal candidates with a longer measured time to the first token come after those within it
 * @param isLocalOnly whether models alone may answer that the policy lists as local
 * @param strategies in place of those of the policy
 */
public record RuleEffect(
        List<String> candidates,
        List<String> order,
        OptionalInt floor,
        Optional<Money> maxCost,
        Optional<Duration> firstTokenGoal,
        boolean isLocalOnly,
        List<Strategy> strategies) {

    /** Changes nothing. */
    public static final RuleEffect NONE = builder().build();

    private static final int MAX_QUALITY = 100;

    /** Copies the lists and checks every field. */
    public RuleEffect {
        candidates = RuleChecks.distinct("candidates", candidates, each -> each);
        RuleChecks.atMost("candidates", candidates, Strategy.InOrder.MAX_NAMES);
        order = RuleChecks.distinct("order", order, each -> each);
        RuleChecks.atMost("order", order, Strategy.InOrder.MAX_NAMES);
        floor.ifPresent(least -> RuleChecks.range("floor", least, 0, MAX_QUALITY));
        maxCost.ifPresent(limit -> {
            if (limit.picoUsd() <= 0) {
                throw new IllegalArgumentException("maxCost is " + limit + ", expected more than zero");
            }
        });
        firstTokenGoal.ifPresent(goal -> RuleChecks.duration("firstTokenGoal", goal));
        strategies = RoutingRules.checked(strategies);
    }

    /** Returns a builder of an effect that changes nothing. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects what changes. Not safe for use by several threads. */
    public static final class Builder {
        private final List<String> candidates = new ArrayList<>();
        private final List<String> order = new ArrayList<>();
        private OptionalInt floor = OptionalInt.empty();
        private Optional<Money> maxCost = Optional.empty();
        private Optional<Duration> firstTokenGoal = Optional.empty();
        private boolean isLocalOnly;
        private final List<Strategy> strategies = new ArrayList<>();

        private Builder() {}

        /** The models that may answer, as {@code provider/model} or by tier. */
        public Builder candidates(String... names) {
            candidates.addAll(List.of(names));
            return this;
        }

        /** Models or tiers in their order of failover. */
        public Builder order(String... names) {
            order.addAll(List.of(names));
            return this;
        }

        /** The least quality, 0 to 100. */
        public Builder floor(int least) {
            this.floor = OptionalInt.of(least);
            return this;
        }

        /** The most that a request may cost, above zero. */
        public Builder maxCost(Money limit) {
            this.maxCost = Optional.of(limit);
            return this;
        }

        /** Candidates with a longer measured time to the first token come after those within it. */
        public Builder firstTokenGoal(Duration goal) {
            this.firstTokenGoal = Optional.of(goal);
            return this;
        }

        /** Whether models alone may answer that the policy lists as local. */
        public Builder localOnly(boolean required) {
            this.isLocalOnly = required;
            return this;
        }

        /** The strategies in place of those of the policy, the first one first. */
        public Builder strategies(Strategy... all) {
            strategies.addAll(List.of(all));
            return this;
        }

        /**
         * Returns the effect.
         *
         * @throws IllegalArgumentException when a part is out of its range
         */
        public RuleEffect build() {
            return new RuleEffect(candidates, order, floor, maxCost, firstTokenGoal, isLocalOnly, strategies);
        }
    }
}

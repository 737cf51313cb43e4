package dev.architect.router.rule;

import java.util.ArrayList;
import java.util.List;

/**
 * What a policy decides about single requests.
 *
 * @param tiers classes of models by quality, lowest first, at most 20; may be empty
 * @param strategies how candidates are ordered, the first one first, 1 to 12
 * @param rules the first whose condition a request meets counts, at most 200
 * @param experiments the first that a request takes part in counts, at most 20
 */
public record RoutingRules(
        List<Tier> tiers, List<Strategy> strategies, List<RoutingRule> rules, List<Experiment> experiments) {

    /** The largest number of rules. */
    public static final int MAX_RULES = 200;

    /** The largest number of tiers. */
    public static final int MAX_TIERS = 20;

    /** The largest number of experiments. */
    public static final int MAX_EXPERIMENTS = 20;

    /** The largest number of strategies in one list. */
    public static final int MAX_STRATEGIES = 12;

    /** No tiers, no rules, no experiments; cheapest first. */
    public static final RoutingRules STANDARD =
            new RoutingRules(List.of(), List.of(Strategy.CHEAPEST), List.of(), List.of());

    /** Copies the lists and checks every field. */
    public RoutingRules {
        tiers = RuleChecks.distinct("tiers", tiers, Tier::name);
        RuleChecks.atMost("tiers", tiers, MAX_TIERS);
        int before = -1;
        for (Tier tier : tiers) {
            if (tier.quality() <= before) {
                throw new IllegalArgumentException(
                        "quality of tier " + tier.name() + " is " + tier.quality() + ", expected more than " + before);
            }
            before = tier.quality();
        }
        strategies = checked(strategies);
        if (strategies.isEmpty()) {
            throw new IllegalArgumentException("strategies has 0 entries, expected 1 or more");
        }
        rules = RuleChecks.distinct("rules", rules, RoutingRule::name);
        RuleChecks.atMost("rules", rules, MAX_RULES);
        experiments = RuleChecks.distinct("experiments", experiments, Experiment::name);
        RuleChecks.atMost("experiments", experiments, MAX_EXPERIMENTS);
    }

    static List<Strategy> checked(List<Strategy> strategies) {
        RuleChecks.atMost("strategies", strategies, MAX_STRATEGIES);
        return RuleChecks.distinct("strategies", strategies, Strategy::name);
    }

    /** Returns these rules with one more tier, which is above the others. */
    public RoutingRules withTier(Tier tier) {
        return new RoutingRules(added(tiers, tier), strategies, rules, experiments);
    }

    /** Returns these rules with other strategies. */
    public RoutingRules withStrategies(Strategy... all) {
        return new RoutingRules(tiers, List.of(all), rules, experiments);
    }

    /** Returns these rules with one more, which counts for the requests that no earlier one is about. */
    public RoutingRules withRule(RoutingRule rule) {
        return new RoutingRules(tiers, strategies, added(rules, rule), experiments);
    }

    /** Returns these rules with one more experiment. */
    public RoutingRules withExperiment(Experiment experiment) {
        return new RoutingRules(tiers, strategies, rules, added(experiments, experiment));
    }

    private static <T> List<T> added(List<T> list, T last) {
        List<T> changed = new ArrayList<>(list);
        changed.add(last);
        return changed;
    }
}

package dev.architect.router.planning;

import dev.architect.model.ModelId;
import dev.architect.router.policy.ModelPolicy;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.router.rule.Experiment;
import dev.architect.router.rule.ExperimentArm;
import dev.architect.router.rule.RoutingRule;
import dev.architect.router.rule.RoutingRules;
import dev.architect.router.rule.RuleEffect;
import dev.architect.router.rule.Strategy;
import dev.architect.spi.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rules, strategies and experiments of a policy, compiled for the models of one snapshot. A decision reads them without allocating and
 * without a lock; there are none of these for a policy that has nothing of the kind. Safe for use by several threads.
 */
final class CompiledRules {

    private final CompiledCondition[] conditions;
    private final CompiledEffect[] effects;
    private final Experiment[] experiments;
    private final CompiledCondition[] experimentConditions;
    private final CompiledEffect[][] arms;
    private final Ranker[] strategies;
    private final int pinned;
    private final Ranker behind;
    private final boolean anyBehind;
    private final boolean isUsualOrder;
    private final boolean remembersPrompts;
    private final TimeSource time;
    private final SplitMix draws;
    private final RoutingSnapshot snapshot;

    private CompiledRules(RoutingPolicy policy, RoutingSnapshot snapshot, TimeSource time) {
        RoutingRules given = policy.rules();
        this.snapshot = snapshot;
        Function<String, List<ModelId>> names = policy::modelsOf;
        Rankers rankers = new Rankers(snapshot, names);
        this.time = time;
        this.draws = new SplitMix(time);
        List<RoutingRule> rules = given.rules();
        this.conditions = new CompiledCondition[rules.size()];
        this.effects = new CompiledEffect[rules.size()];
        for (int i = 0; i < effects.length; i++) {
            RoutingRule rule = rules.get(i);
            conditions[i] = new CompiledCondition(rule.condition());
            effects[i] = new CompiledEffect(rule.name(), rule.effect(), snapshot, rankers, names);
        }
        this.experiments = given.experiments().toArray(Experiment[]::new);
        this.experimentConditions = new CompiledCondition[experiments.length];
        this.arms = new CompiledEffect[experiments.length][];
        for (int i = 0; i < experiments.length; i++) {
            Experiment experiment = experiments[i];
            experimentConditions[i] = new CompiledCondition(experiment.condition());
            arms[i] = experiment.arms().stream()
                    .map(arm -> new CompiledEffect(
                            experiment.name() + "/" + arm.name(), arm.effect(), snapshot, rankers, names))
                    .toArray(CompiledEffect[]::new);
        }
        this.strategies = rankers.compile(given.strategies());
        this.isUsualOrder = given.strategies().equals(RoutingRules.STANDARD.strategies());
        this.pinned = CompiledEffect.pinned(given.strategies(), snapshot);
        this.behind = new Rankers.Behind(snapshot);
        this.anyBehind = policy.models().stream().anyMatch(CompiledRules::isWithoutWeight);
        List<Strategy> all = allStrategies(given);
        this.remembersPrompts = all.stream().anyMatch(Rankers::remembersPrompts);
        if (all.stream().anyMatch(Rankers::measures) || hasGoal(given)) {
            snapshot.startMeasuring();
        }
    }

    /** Returns the compiled rules of a policy; null when it orders by cost and has no rules. */
    static @Nullable CompiledRules of(RoutingPolicy policy, RoutingSnapshot snapshot, TimeSource time) {
        RoutingRules given = policy.rules();
        boolean isPlain = given.rules().isEmpty()
                && given.experiments().isEmpty()
                && given.strategies().equals(RoutingRules.STANDARD.strategies())
                && policy.models().stream().noneMatch(CompiledRules::isWithoutWeight);
        return isPlain ? null : new CompiledRules(policy, snapshot, time);
    }

    private static boolean isWithoutWeight(ModelPolicy model) {
        return model.traits().weight() == 0;
    }

    private static Stream<RuleEffect> allEffects(RoutingRules given) {
        return Stream.concat(
                given.rules().stream().map(RoutingRule::effect),
                given.experiments().stream()
                        .flatMap(experiment -> experiment.arms().stream())
                        .map(ExperimentArm::effect));
    }

    private static List<Strategy> allStrategies(RoutingRules given) {
        List<Strategy> all = new ArrayList<>(given.strategies());
        allEffects(given).forEach(effect -> all.addAll(effect.strategies()));
        return all;
    }

    private static boolean hasGoal(RoutingRules given) {
        return allEffects(given).anyMatch(effect -> effect.firstTokenGoal().isPresent());
    }

    /** Whether a strategy looks at the prompts that deployments answered lately. */
    boolean remembersPrompts() {
        return remembersPrompts;
    }

    /** Finds the rule and the arm of a request, and notes what they set. */
    void apply(RequestProfile request, RuleOutcome into) {
        into.now = time.nanoTime();
        into.rule = null;
        into.arm = null;
        into.experiment = null;
        for (int i = 0; i < effects.length; i++) {
            if (conditions[i].isMetBy(request)) {
                into.rule = effects[i];
                break;
            }
        }
        for (int i = 0; i < experiments.length; i++) {
            int arm = experimentConditions[i].isMetBy(request)
                    ? experiments[i].armOf(request.id(), request.scope())
                    : Experiment.NO_ARM;
            if (arm != Experiment.NO_ARM) {
                into.experiment = experiments[i].name();
                into.armName = experiments[i].arms().get(arm).name();
                into.arm = arms[i][arm];
                break;
            }
        }
        CompiledEffect rule = into.rule;
        CompiledEffect arm = into.arm;
        CompiledEffect candidates = arm != null && arm.allowed != null ? arm : rule;
        into.allowed = candidates == null ? null : candidates.allowed;
        into.allowedBy = candidates == null ? "" : candidates.name;
        CompiledEffect ordering = arm != null && arm.order != null ? arm : rule;
        into.explicitOrder = ordering == null ? null : ordering.order;
        into.listed = ordering == null ? null : ordering.listed;
        CompiledEffect flooring = arm != null && arm.floor >= 0 ? arm : rule;
        into.floor = flooring == null ? (int) CompiledEffect.NOTHING : flooring.floor;
        into.floorBy = flooring == null ? "" : flooring.name;
        into.firstTokenGoal = arm != null && arm.firstTokenGoal >= 0
                ? arm.firstTokenGoal
                : rule == null ? CompiledEffect.NOTHING : rule.firstTokenGoal;
        // Never by an arm: what must hold for a request is no matter of an experiment.
        into.isLocalOnly = rule != null && rule.isLocalOnly;
        into.maxCost = rule == null ? CompiledEffect.NOTHING : rule.maxCost;
        CompiledEffect strategic = arm != null && arm.strategies != null ? arm : rule;
        if (strategic != null && strategic.strategies != null) {
            into.strategies = strategic.strategies;
            into.pinned = strategic.pinned;
        } else {
            into.strategies = isUsualOrder ? null : strategies;
            into.pinned = pinned;
        }
    }

    /** Puts the candidates, which are in the order of their cost, into the one that the policy wants. */
    void order(RequestProfile request, DecisionBuffer into) {
        RuleOutcome ruled = into.rules;
        StrategyOrder order = into.beginOrdering();
        if (ruled.explicitOrder != null) {
            order.refine(ruled.explicitOrder, request, into, draws);
        }
        if (anyBehind || ruled.firstTokenGoal >= 0) {
            order.refine(behind, request, into, draws);
        }
        Ranker[] chosen = switch (request.preference()) {
            case POLICY -> ruled.strategies;
            case CHEAPEST -> null;
            case FASTEST -> snapshot.fastest();
        };
        if (chosen == null) {
            return;
        }
        for (Ranker strategy : chosen) {
            order.refine(strategy, request, into, draws);
        }
    }
}

package dev.architect.router.planning;

import dev.architect.cost.Money;
import dev.architect.model.ModelId;
import dev.architect.router.rule.RuleEffect;
import dev.architect.router.rule.Strategy;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a rule, an arm of an experiment or a whole policy sets, compiled for the models of one snapshot. Immutable. */
final class CompiledEffect {

    /** What is not set. */
    static final long NOTHING = -1;

    final String name;
    final boolean @Nullable [] allowed;

    @Nullable
    final Ranker order;

    final boolean @Nullable [] listed;
    final int floor;
    final long maxCost;
    final long firstTokenGoal;
    final boolean isLocalOnly;
    final Ranker @Nullable [] strategies;

    /** The model that the strategies pin without failover, -1 for none. */
    final int pinned;

    CompiledEffect(
            String name,
            RuleEffect effect,
            RoutingSnapshot snapshot,
            Rankers rankers,
            Function<String, List<ModelId>> names) {
        this.name = name;
        this.listed = effect.order().isEmpty() ? null : mask(effect.order(), snapshot, names);
        this.order = effect.order().isEmpty() ? null : rankers.inOrder("order", effect.order());
        // An order alone is the whole chain.
        this.allowed = effect.candidates().isEmpty() ? listed : mask(effect.candidates(), snapshot, names);
        this.floor = effect.floor().orElse((int) NOTHING);
        this.maxCost = effect.maxCost().map(Money::picoUsd).orElse(NOTHING);
        this.firstTokenGoal = effect.firstTokenGoal().map(Duration::toNanos).orElse(NOTHING);
        this.isLocalOnly = effect.isLocalOnly();
        this.strategies = effect.strategies().isEmpty() ? null : rankers.compile(effect.strategies());
        this.pinned = pinned(effect.strategies(), snapshot);
    }

    static int pinned(List<Strategy> strategies, RoutingSnapshot snapshot) {
        for (Strategy strategy : strategies) {
            if (strategy instanceof Strategy.Pinned pinned && !pinned.allowsFailover()) {
                return snapshot.indexOf(pinned.model());
            }
        }
        return (int) NOTHING;
    }

    private static boolean[] mask(
            List<String> listed, RoutingSnapshot snapshot, Function<String, List<ModelId>> names) {
        boolean[] mask = new boolean[snapshot.size()];
        for (String name : listed) {
            for (ModelId model : names.apply(name)) {
                mask[snapshot.indexOf(model)] = true;
            }
        }
        return mask;
    }
}

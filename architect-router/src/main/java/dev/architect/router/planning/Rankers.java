package dev.architect.router.planning;

import dev.architect.model.ModelId;
import dev.architect.router.admission.Deployment;
import dev.architect.router.admission.DeploymentStats;
import dev.architect.router.rule.Strategy;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Function;

/** Compiles strategies for the models of a snapshot. */
final class Rankers {

    private static final double USD_PER_PICO = 1e-12;
    private static final double MS_PER_NANO = 1e-6;
    private static final long MILLION = 1_000_000;
    private static final double PERCENT_OF_MILLION = 1e-4;
    private static final int PERCENT = 100;
    private static final int LAST_PRIORITY = 9;

    private final RoutingSnapshot snapshot;
    private final Function<String, List<ModelId>> names;

    /**
     * Creates a compiler.
     *
     * @param names the models behind the name of a model or of a tier
     */
    Rankers(RoutingSnapshot snapshot, Function<String, List<ModelId>> names) {
        this.snapshot = snapshot;
        this.names = names;
    }

    Ranker[] compile(List<Strategy> strategies) {
        return strategies.stream().map(this::compile).toArray(Ranker[]::new);
    }

    private Ranker compile(Strategy strategy) {
        if (strategy instanceof Strategy.ByCost cost) {
            return cost.isCacheAware()
                    ? new ByEffectiveCost(snapshot, cost.withinPercent())
                    : new ByCost(snapshot, cost.withinPercent());
        }
        if (strategy instanceof Strategy.ByLatency latency) {
            return new ByLatency(
                    snapshot, latency.withinPercent(), latency.halfLife().toNanos());
        }
        if (strategy instanceof Strategy.ByFirstToken latency) {
            return new ByFirstToken(
                    snapshot, latency.withinPercent(), latency.halfLife().toNanos());
        }
        if (strategy instanceof Strategy.LeastBusy) {
            return new LeastBusy(snapshot);
        }
        if (strategy instanceof Strategy.Weighted) {
            return new Weighted(snapshot);
        }
        if (strategy instanceof Strategy.ByHeadroom headroom) {
            return new ByHeadroom(snapshot, headroom.withinPercent());
        }
        if (strategy instanceof Strategy.ByPriority priority) {
            return new ByPriority(snapshot, priority);
        }
        if (strategy instanceof Strategy.Sticky sticky) {
            return new Sticky(snapshot, sticky.cacheLifetime().toNanos());
        }
        if (strategy instanceof Strategy.ByQualityPerCost quality) {
            return new ByQualityPerCost(snapshot, quality.withinPercent());
        }
        if (strategy instanceof Strategy.ByContextSize size) {
            return new ByContextSize(snapshot, size.withinPercent());
        }
        if (strategy instanceof Strategy.Pinned pinned) {
            return inOrder("pinned", List.of(pinned.model().toString()));
        }
        return inOrder("order", ((Strategy.InOrder) strategy).names());
    }

    Ranker inOrder(String name, List<String> listed) {
        int[] places = new int[snapshot.size()];
        Arrays.fill(places, listed.size());
        for (int place = listed.size() - 1; place >= 0; place--) {
            for (ModelId model : names.apply(listed.get(place))) {
                places[snapshot.indexOf(model)] = place;
            }
        }
        return new InOrder(name, places);
    }

    /** Of each snapshot: whether a strategy looks at measured times. */
    static boolean measures(Strategy strategy) {
        return strategy instanceof Strategy.ByLatency
                || strategy instanceof Strategy.ByFirstToken
                || strategy instanceof Strategy.LeastBusy;
    }

    /** Of each snapshot: whether a strategy looks at cached prompts. */
    static boolean remembersPrompts(Strategy strategy) {
        return strategy instanceof Strategy.Sticky || (strategy instanceof Strategy.ByCost cost && cost.isCacheAware());
    }

    private static final class ByCost extends Ranker {
        private final RoutingSnapshot snapshot;
        private final int within;

        ByCost(RoutingSnapshot snapshot, int within) {
            super("cost", "USD", USD_PER_PICO);
            this.snapshot = snapshot;
            this.within = within;
        }

        @Override
        void fill(int[] models, int count, RequestProfile request, DecisionBuffer decision, long[] into) {
            for (int i = 0; i < count; i++) {
                into[i] = value(models[i], request, decision);
            }
        }

        @Override
        long value(int model, RequestProfile request, DecisionBuffer decision) {
            return snapshot.cost(model, request, decision);
        }

        @Override
        boolean keepsOrder() {
            // Candidates come in the order of their cost.
            return true;
        }

        @Override
        long equalUpTo(long best) {
            return within(best, within);
        }
    }

    private static final class ByEffectiveCost extends Ranker {
        private final RoutingSnapshot snapshot;
        private final int within;

        ByEffectiveCost(RoutingSnapshot snapshot, int within) {
            super("cost", "USD", USD_PER_PICO);
            this.snapshot = snapshot;
            this.within = within;
        }

        @Override
        void fill(int[] models, int count, RequestProfile request, DecisionBuffer decision, long[] into) {
            for (int i = 0; i < count; i++) {
                into[i] = value(models[i], request, decision);
            }
        }

        @Override
        long value(int model, RequestProfile request, DecisionBuffer decision) {
            long cost = snapshot.cost(model, request, decision);
            return cost == PriceColumns.UNPRICED
                    ? LAST
                    : cost - snapshot.cacheSaving(model, request, decision, Strategy.USUAL_CACHE_LIFETIME.toNanos());
        }

        @Override
        long equalUpTo(long best) {
            return within(best, within);
        }
    }

    /** Values are nanoseconds. What was never measured gets one call, which shows more than waiting. */
    private abstract static class ByTime extends Ranker {
        final DeploymentStats[] all;
        final double perNano;
        private final int within;

        ByTime(String name, RoutingSnapshot snapshot, int within, long halfLife) {
            super(name, "ms", MS_PER_NANO);
            this.all = snapshot.stats();
            this.within = within;
            this.perNano = 1.0 / halfLife;
        }

        static long orUnknown(long nanos, DeploymentStats stats) {
            return nanos == DeploymentStats.UNKNOWN ? (stats.inFlight() == 0 ? FIRST : LAST) : nanos;
        }

        @Override
        long equalUpTo(long best) {
            return within(best, within);
        }
    }

    private static final class ByLatency extends ByTime {

        ByLatency(RoutingSnapshot snapshot, int within, long halfLife) {
            super("latency", snapshot, within, halfLife);
        }

        @Override
        void fill(int[] models, int count, RequestProfile request, DecisionBuffer decision, long[] into) {
            for (int i = 0; i < count; i++) {
                into[i] = value(models[i], request, decision);
            }
        }

        @Override
        long value(int model, RequestProfile request, DecisionBuffer decision) {
            DeploymentStats stats = all[model];
            return orUnknown(
                    request.isStreamed()
                            ? stats.firstTokenNanos(decision.rules.now, perNano)
                            : stats.totalNanos(decision.rules.now, perNano),
                    stats);
        }
    }

    private static final class ByFirstToken extends ByTime {

        ByFirstToken(RoutingSnapshot snapshot, int within, long halfLife) {
            super("firstToken", snapshot, within, halfLife);
        }

        @Override
        void fill(int[] models, int count, RequestProfile request, DecisionBuffer decision, long[] into) {
            for (int i = 0; i < count; i++) {
                into[i] = value(models[i], request, decision);
            }
        }

        @Override
        long value(int model, RequestProfile request, DecisionBuffer decision) {
            DeploymentStats stats = all[model];
            return orUnknown(stats.firstTokenNanos(decision.rules.now, perNano), stats);
        }
    }

    private static final class LeastBusy extends Ranker {
        private final DeploymentStats[] all;

        LeastBusy(RoutingSnapshot snapshot) {
            super("leastBusy", "calls", 1.0 / MILLION);
            this.all = snapshot.stats();
        }

        @Override
        void fill(int[] models, int count, RequestProfile request, DecisionBuffer decision, long[] into) {
            for (int i = 0; i < count; i++) {
                into[i] = value(models[i], request, decision);
            }
        }

        @Override
        long value(int model, RequestProfile request, DecisionBuffer decision) {
            return (long) (all[model].load(decision.rules.now) * MILLION);
        }

        @Override
        boolean draws() {
            return true;
        }
    }

    /**
     * Stride scheduling (C. A. Waldspurger, W. E. Weihl: Stride Scheduling, MIT/LCS/TM-528, 1995): each model has a turn, which moves on by
     * a step that is the shorter the larger its weight; the one whose turn is first gets the request. Two requests at once may
     * take the same model, which then waits twice as long. A model that took no part for a while does not catch up.
     */
    private static final class Weighted extends Ranker {
        private static final long STEP = 1L << 30;
        private final int[] weights;
        private final AtomicLongArray turns;
        private final AtomicLong latest = new AtomicLong();

        Weighted(RoutingSnapshot snapshot) {
            super("weighted", "turn", 1.0 / STEP);
            this.weights = new int[snapshot.size()];
            this.turns = new AtomicLongArray(weights.length);
            for (int i = 0; i < weights.length; i++) {
                weights[i] = snapshot.model(i).traits().weight();
                // Half a step: otherwise every model would be due at the start.
                turns.set(i, weights[i] == 0 ? 0 : STEP / weights[i] / 2);
            }
        }

        @Override
        void fill(int[] models, int count, RequestProfile request, DecisionBuffer decision, long[] into) {
            for (int i = 0; i < count; i++) {
                into[i] = value(models[i], request, decision);
            }
        }

        @Override
        long value(int model, RequestProfile request, DecisionBuffer decision) {
            return weights[model] == 0 ? LAST : Math.max(turns.get(model), latest.get());
        }

        @Override
        void chosen(int model) {
            if (weights[model] == 0) {
                return;
            }
            long step = STEP / weights[model];
            // At most a step behind: it keeps the place that it has among the others.
            long turn = Math.max(turns.get(model), latest.get() - step);
            turns.set(model, turn + step);
            latest.accumulateAndGet(turn, Math::max);
        }
    }

    private static final class ByHeadroom extends Ranker {
        private final RoutingSnapshot snapshot;
        private final long band;

        ByHeadroom(RoutingSnapshot snapshot, int within) {
            // What is used, so that most remaining is the smallest.
            super("headroom", "percent used", PERCENT_OF_MILLION);
            this.snapshot = snapshot;
            this.band = within * (MILLION / PERCENT);
        }

        @Override
        void fill(int[] models, int count, RequestProfile request, DecisionBuffer decision, long[] into) {
            for (int i = 0; i < count; i++) {
                into[i] = value(models[i], request, decision);
            }
        }

        @Override
        long value(int model, RequestProfile request, DecisionBuffer decision) {
            return MILLION - snapshot.headroom(model, request);
        }

        @Override
        long equalUpTo(long best) {
            return best + band;
        }
    }

    private static final class ByPriority extends Ranker {
        private final RoutingSnapshot snapshot;
        private final long reserve;
        private final long urgentWithin;

        ByPriority(RoutingSnapshot snapshot, Strategy.ByPriority settings) {
            super("priority", "place", 1);
            this.snapshot = snapshot;
            this.reserve = settings.reservePercent() * (MILLION / PERCENT);
            this.urgentWithin = settings.urgentWithin().toNanos();
        }

        @Override
        void fill(int[] models, int count, RequestProfile request, DecisionBuffer decision, long[] into) {
            for (int i = 0; i < count; i++) {
                into[i] = value(models[i], request, decision);
            }
        }

        @Override
        long value(int model, RequestProfile request, DecisionBuffer decision) {
            int level = request.timeoutNanos() <= urgentWithin ? 0 : request.priority();
            return level > 0 && snapshot.headroom(model, request) < reserve * level / LAST_PRIORITY ? 1 : 0;
        }
    }

    private static final class Sticky extends Ranker {
        private final RoutingSnapshot snapshot;
        private final long lifetime;

        Sticky(RoutingSnapshot snapshot, long lifetime) {
            super("sticky", "USD", USD_PER_PICO);
            this.snapshot = snapshot;
            this.lifetime = lifetime;
        }

        @Override
        void fill(int[] models, int count, RequestProfile request, DecisionBuffer decision, long[] into) {
            for (int i = 0; i < count; i++) {
                into[i] = value(models[i], request, decision);
            }
        }

        @Override
        long value(int model, RequestProfile request, DecisionBuffer decision) {
            return -snapshot.cacheSaving(model, request, decision, lifetime);
        }
    }

    private static final class ByQualityPerCost extends Ranker {
        private final RoutingSnapshot snapshot;
        private final int within;

        ByQualityPerCost(RoutingSnapshot snapshot, int within) {
            super("qualityPerCost", "USD", USD_PER_PICO);
            this.snapshot = snapshot;
            this.within = within;
        }

        @Override
        void fill(int[] models, int count, RequestProfile request, DecisionBuffer decision, long[] into) {
            for (int i = 0; i < count; i++) {
                into[i] = value(models[i], request, decision);
            }
        }

        @Override
        long value(int model, RequestProfile request, DecisionBuffer decision) {
            long cost = snapshot.cost(model, request, decision);
            return cost == PriceColumns.UNPRICED
                    ? LAST
                    : cost / Math.max(1, snapshot.model(model).quality());
        }

        @Override
        long equalUpTo(long best) {
            return within(best, within);
        }
    }

    private static final class ByContextSize extends Ranker {
        private final RoutingSnapshot snapshot;
        private final int within;

        ByContextSize(RoutingSnapshot snapshot, int within) {
            super("contextSize", "tokens", 1);
            this.snapshot = snapshot;
            this.within = within;
        }

        @Override
        void fill(int[] models, int count, RequestProfile request, DecisionBuffer decision, long[] into) {
            for (int i = 0; i < count; i++) {
                into[i] = value(models[i], request, decision);
            }
        }

        @Override
        long value(int model, RequestProfile request, DecisionBuffer decision) {
            return snapshot.model(model).contextTokens();
        }

        @Override
        long equalUpTo(long best) {
            return within(best, within);
        }
    }

    private static final class InOrder extends Ranker {
        private final int[] places;

        InOrder(String name, int[] places) {
            super(name, "place", 1);
            this.places = places;
        }

        @Override
        void fill(int[] models, int count, RequestProfile request, DecisionBuffer decision, long[] into) {
            for (int i = 0; i < count; i++) {
                into[i] = value(models[i], request, decision);
            }
        }

        @Override
        long value(int model, RequestProfile request, DecisionBuffer decision) {
            return places[model];
        }
    }

    /** What comes after everything else whatever the strategies say: what is above the goal of a rule, and models of weight 0 last. */
    static final class Behind extends Ranker {
        private final RoutingSnapshot snapshot;
        private final boolean[] isWithoutWeight;
        private static final double PER_NANO = 1.0 / Strategy.USUAL_HALF_LIFE.toNanos();

        Behind(RoutingSnapshot snapshot) {
            super("goal", "place", 1);
            this.snapshot = snapshot;
            this.isWithoutWeight = new boolean[snapshot.size()];
            for (int i = 0; i < isWithoutWeight.length; i++) {
                isWithoutWeight[i] = snapshot.model(i).traits().weight() == 0;
            }
        }

        @Override
        void fill(int[] models, int count, RequestProfile request, DecisionBuffer decision, long[] into) {
            for (int i = 0; i < count; i++) {
                into[i] = value(models[i], request, decision);
            }
        }

        @Override
        long value(int model, RequestProfile request, DecisionBuffer decision) {
            if (isWithoutWeight[model] && !decision.rules.isListed(model)) {
                return 2;
            }
            if (decision.rules.firstTokenGoal < 0) {
                return 0;
            }
            Deployment deployment = Objects.requireNonNull(snapshot.deployment(model));
            // What was measured long ago says little: then one request finds out.
            long measured = deployment.stats().firstTokenNanos(decision.rules.now, PER_NANO);
            return measured > decision.rules.firstTokenGoal ? 1 : 0;
        }
    }
}

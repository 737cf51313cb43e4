package dev.architect.router.rule;

import dev.architect.model.ModelId;
import java.time.Duration;
import java.util.List;

/**
 * How candidates are ordered. Strategies are composed to a list: each one orders what those before it hold to be equal, within
 * their {@code within}; candidates that are equal in all of them come by cost, quality and name. A strategy orders and never excludes,
 * except {@link Pinned}.
 *
 * <p>{@code withinPercent} is how much larger than the smallest value of a group another one may be and still count as equal, 0 to
 * 1,000 percent.
 */
public sealed interface Strategy {

    /** Cheapest first by an estimate for this request, as it would be billed without a cached prompt; what has no price is last. */
    Strategy CHEAPEST = new ByCost(0, false);

    /** Its name in a policy file. */
    String name();

    /**
     * Cheapest first, by what this request would probably cost.
     *
     * @param withinPercent how much dearer than the cheapest still counts as equal
     * @param isCacheAware whether a part of the prompt that was sent to the same deployment before, within the lifetime of its prompt
     *     cache, is estimated at the price of a cache read
     */
    record ByCost(int withinPercent, boolean isCacheAware) implements Strategy {

        /** Checks the band. */
        public ByCost {
            within(withinPercent);
        }

        @Override
        public String name() {
            return "cost";
        }
    }

    /**
     * Fastest first: by the time to the first token for a streamed answer, by the time to the end for one that comes whole. The
     * measured average loses half of its weight in each {@code halfLife} without a call, so that a slow deployment is tried again; a call
     * that fails counts as slow. What was never measured comes first, for one call at a time.
     *
     * @param withinPercent how much slower than the fastest still counts as equal
     * @param halfLife 1 ms to 24 h
     */
    record ByLatency(int withinPercent, Duration halfLife) implements Strategy {

        /** Checks both fields. */
        public ByLatency {
            within(withinPercent);
            RuleChecks.duration("halfLife", halfLife);
        }

        @Override
        public String name() {
            return "latency";
        }
    }

    /**
     * As {@link ByLatency}, by the time to the first token whatever the kind of answer; what never streamed counts as not measured.
     *
     * @param withinPercent how much slower than the fastest still counts as equal
     * @param halfLife 1 ms to 24 h
     */
    record ByFirstToken(int withinPercent, Duration halfLife) implements Strategy {

        /** Checks both fields. */
        public ByFirstToken {
            within(withinPercent);
            RuleChecks.duration("halfLife", halfLife);
        }

        @Override
        public String name() {
            return "firstToken";
        }
    }

    /**
     * The less busy one of two that are drawn at random comes first, the others by their calls in flight. A call counts from before it is
     * sent until its answer has ended; one that fails goes on counting for about as long as an answer takes, so that a deployment
     * that fails fast does not attract calls.
     */
    record LeastBusy() implements Strategy {

        @Override
        public String name() {
            return "leastBusy";
        }
    }

    /** In turn, as often as the weights of the models say, evenly spread. */
    record Weighted() implements Strategy {

        @Override
        public String name() {
            return "weighted";
        }
    }

    /**
     * Most remaining first, by the share of its limits that would be left after this request: permits, and the rate limits that its provider reports.
     * Quotas of the policy are no part of it.
     *
     * @param withinPercent how many percent of the whole less than the most still count as equal
     */
    record ByHeadroom(int withinPercent) implements Strategy {

        /** Checks the band. */
        public ByHeadroom {
            within(withinPercent);
        }

        @Override
        public String name() {
            return "headroom";
        }
    }

    /**
     * Deployments whose limits are nearly used up come after the others, for requests of low priority first: a request of priority 9
     * leaves {@code reservePercent} of the limits to more urgent ones, one of priority 0 nothing, and those between in proportion.
     *
     * @param reservePercent 1 to 100
     * @param urgentWithin a request whose time limit is this short counts as priority 0, because it has no time to wait elsewhere
     */
    record ByPriority(int reservePercent, Duration urgentWithin) implements Strategy {

        private static final int WHOLE = 100;

        /** Checks both fields. */
        public ByPriority {
            RuleChecks.range("reserve", reservePercent, 1, WHOLE);
            RuleChecks.duration("urgentWithin", urgentWithin);
        }

        @Override
        public String name() {
            return "priority";
        }
    }

    /**
     * The deployment that had the earlier turns of the same conversation comes first while its prompt cache lives: by the price of what
     * would be read from the cache instead of being counted again, times the probability that it is still there.
     *
     * @param cacheLifetime how long after its last use a cached prompt may live, 1 ms to 24 h; its probability falls evenly until then
     */
    record Sticky(Duration cacheLifetime) implements Strategy {

        /** Checks the lifetime. */
        public Sticky {
            RuleChecks.duration("cacheLifetime", cacheLifetime);
        }

        @Override
        public String name() {
            return "sticky";
        }
    }

    /**
     * Most quality for the money first: by estimated cost divided by quality; free ones first, what has no price last.
     *
     * @param withinPercent how much dearer by quality than the best still counts as equal
     */
    record ByQualityPerCost(int withinPercent) implements Strategy {

        /** Checks the band. */
        public ByQualityPerCost {
            within(withinPercent);
        }

        @Override
        public String name() {
            return "qualityPerCost";
        }
    }

    /**
     * Smallest context window first. One that prompt and answer do not fit is no candidate at all.
     *
     * @param withinPercent how much larger than the smallest still counts as equal
     */
    record ByContextSize(int withinPercent) implements Strategy {

        /** Checks the band. */
        public ByContextSize {
            within(withinPercent);
        }

        @Override
        public String name() {
            return "contextSize";
        }
    }

    /**
     * Exactly one model.
     *
     * @param model the model
     * @param allowsFailover whether the others may answer when it cannot
     */
    record Pinned(ModelId model, boolean allowsFailover) implements Strategy {

        @Override
        public String name() {
            return "pinned";
        }
    }

    /**
     * In a fixed order; candidates that are not in it come after those that are.
     *
     * @param names models as {@code provider/model} and names of tiers, 1 to 500, each once
     */
    record InOrder(List<String> names) implements Strategy {

        static final int MAX_NAMES = 500;

        /** Copies the names. */
        public InOrder {
            names = RuleChecks.distinct("order", names, each -> each);
            RuleChecks.range("order size", names.size(), 1, MAX_NAMES);
        }

        @Override
        public String name() {
            return "order";
        }
    }

    private static void within(int percent) {
        RuleChecks.range("within", percent, 0, MAX_WITHIN);
    }

    /** The widest band in percent. */
    int MAX_WITHIN = 1_000;

    /** The usual half-life of a measured latency. */
    Duration USUAL_HALF_LIFE = Duration.ofMinutes(1);

    /** The usual lifetime of a cached prompt (Anthropic: five minutes after its last use, read 2026-11-28). */
    Duration USUAL_CACHE_LIFETIME = Duration.ofMinutes(5);

    /** The usual reserve of {@link ByPriority}, in percent. */
    int USUAL_RESERVE = 30;

    /** A request whose time limit is this short counts as urgent, unless the policy sets another. */
    Duration USUAL_URGENT_WITHIN = Duration.ofSeconds(10);
}

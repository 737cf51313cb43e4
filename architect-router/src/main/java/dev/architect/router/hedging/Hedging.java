package dev.architect.router.hedging;

import dev.architect.model.ModelId;
import dev.architect.router.policy.HedgingSettings;
import dev.architect.spi.TimeSource;
import dev.architect.thread.ThreadRunner;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Decides which calls get a rival and when, over all requests of a router, by {@link HedgingSettings}. In a brown-out none does: when more than a
 * fifth of the last calls, about thirty, took longer than their delay, the provider is slow as a whole, and more calls would only add to
 * its load.
 *
 * <p>Safe for use by several threads.
 */
public final class Hedging {

    /** The weight of one call in the share of late ones: about the last thirty matter. */
    private static final double WEIGHT = 1.0 / 32;

    private static final double BROWN_OUT = 0.2;

    private final HedgingSettings settings;
    private final TimeSource time;
    private final ThreadRunner threads;
    private final HedgeBudget budget;
    private final Map<ModelId, LatencyEstimate> firstTokens = new ConcurrentHashMap<>();
    private final Map<ModelId, LatencyEstimate> wholeAnswers = new ConcurrentHashMap<>();
    private final Object lock = new Object();
    private double lateShare;

    /** Creates one that knows nothing yet; {@code threads} stay open when it is no longer used. */
    public Hedging(HedgingSettings settings, ThreadRunner threads, TimeSource time) {
        this.settings = settings;
        this.time = time;
        this.threads = threads;
        this.budget = new HedgeBudget(settings.requestPercent(), settings.spendPercent());
    }

    public HedgingSettings settings() {
        return settings;
    }

    /** A request begins, which adds to the budget. */
    public void requestBegins() {
        budget.deposit();
    }

    /** Nanoseconds after which a call to {@code model} is late; -1 when too little is known about the model. */
    public long delayNanos(ModelId model, boolean streamed) {
        return estimate(model, streamed).nanos(time.nanoTime());
    }

    /** Whether so many of the last calls were late that none gets a rival. */
    public boolean isBrownOut() {
        synchronized (lock) {
            return lateShare > BROWN_OUT;
        }
    }

    /** Takes a second call that may cost {@code picoUsd} from the budget; false when there is none left. */
    public boolean tryTake(long picoUsd) {
        return !isBrownOut() && budget.tryTake(picoUsd);
    }

    /** The second call that was taken is not made. */
    public void giveBack(long picoUsd) {
        budget.giveBack(picoUsd);
    }

    /** Both calls have ended: the slower one cost {@code picoUsd}, where {@code expected} was taken from the budget. */
    public void settle(long expected, long picoUsd) {
        budget.settle(expected, picoUsd);
    }

    /** A call, of whatever request, cost so much. */
    public void spend(long picoUsd) {
        budget.spend(picoUsd);
    }

    /**
     * A call was answered, or began to be when it is {@code streamed}, after {@code nanos}; also one that was cancelled after so long.
     *
     * @param delayNanos after which it was late; -1 when that was not known
     */
    public void recordLatency(ModelId model, boolean streamed, long nanos, long delayNanos) {
        estimate(model, streamed).record(nanos, time.nanoTime());
        if (delayNanos >= 0) {
            synchronized (lock) {
                lateShare += WEIGHT * ((nanos > delayNanos ? 1 : 0) - lateShare);
            }
        }
    }

    private LatencyEstimate estimate(ModelId model, boolean streamed) {
        Map<ModelId, LatencyEstimate> of = streamed ? firstTokens : wholeAnswers;
        LatencyEstimate known = of.get(model);
        return known != null
                ? known
                : of.computeIfAbsent(model, first -> new LatencyEstimate(settings.percentile(), settings.samples()));
    }

    /** Returns a race that has not begun. */
    public CallRace newRace() {
        return new CallRace(threads, time);
    }
}

package dev.architect.router.admission;

import dev.architect.model.ModelId;
import dev.architect.route.BreakerState;
import dev.architect.router.policy.CircuitBreakerSettings;
import dev.architect.router.policy.ModelPolicy;
import dev.architect.router.quota.AnswerLengths;
import dev.architect.router.quota.QuotaSet;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A model of the policy together with the provider that serves it: the unit that has health, limits and a price. Safe for use by
 * several threads.
 */
public final class Deployment {

    private final ModelPolicy modelPolicy;
    private final ProviderState provider;
    private final TimeSource time;
    private final DeploymentCircuitBreaker breaker;
    private final ConcurrencyLimiter limiter;
    private final Cooldown cooldown;
    private final ModelAvailability availability;
    private final ReportedLimits reportedLimits;
    private final QuotaSet quotas;
    private final AnswerLengths answerLengths;
    private final @Nullable AdaptiveConcurrency adaptive;
    /** What changed the limit under the policy before, and must not any more. */
    private final @Nullable AdaptiveConcurrency replaced;

    private final DeploymentStats stats;
    private final PromptCacheMemory promptCache;
    private final Set<PermitWaiter> observers;
    private volatile boolean prefillRefused;

    /** Creates a deployment without quotas that may be called. */
    public Deployment(
            ModelPolicy modelPolicy, ProviderState provider, CircuitBreakerSettings settings, TimeSource time) {
        this(modelPolicy, provider, settings, QuotaSet.NONE, time);
    }

    /** Creates a deployment that may be called within {@code quotas}. */
    public Deployment(
            ModelPolicy modelPolicy,
            ProviderState provider,
            CircuitBreakerSettings settings,
            QuotaSet quotas,
            TimeSource time) {
        this.modelPolicy = modelPolicy;
        this.provider = provider;
        this.breaker = new DeploymentCircuitBreaker(settings, time);
        this.limiter = new ConcurrencyLimiter(modelPolicy.maxConcurrent());
        this.cooldown = new Cooldown(time);
        this.availability = new ModelAvailability(time);
        this.reportedLimits = new ReportedLimits(time);
        this.quotas = quotas;
        this.answerLengths = new AnswerLengths();
        this.adaptive = adaptive(modelPolicy, limiter, null);
        this.replaced = null;
        this.time = time;
        this.stats = new DeploymentStats(time);
        this.promptCache = new PromptCacheMemory();
        this.observers = ConcurrentHashMap.newKeySet();
        takeEffect();
    }

    private Deployment(
            ModelPolicy modelPolicy, Deployment previous, DeploymentCircuitBreaker breaker, QuotaSet quotas) {
        this.modelPolicy = modelPolicy;
        this.provider = previous.provider;
        this.breaker = breaker;
        this.limiter = previous.limiter;
        this.cooldown = previous.cooldown;
        this.availability = previous.availability;
        this.reportedLimits = previous.reportedLimits;
        this.quotas = quotas;
        this.answerLengths = previous.answerLengths;
        this.adaptive = adaptive(modelPolicy, limiter, previous.adaptive);
        this.replaced = adaptive == previous.adaptive ? null : previous.adaptive;
        this.time = previous.time;
        this.stats = previous.stats;
        this.promptCache = previous.promptCache;
        this.observers = previous.observers;
        this.prefillRefused = previous.prefillRefused;
    }

    /** What changes the limit of calls at the same time; null for a fixed one. */
    private static @Nullable AdaptiveConcurrency adaptive(
            ModelPolicy policy, ConcurrencyLimiter limiter, @Nullable AdaptiveConcurrency previousOrNull) {
        if (policy.concurrency() == ModelPolicy.Concurrency.FIXED) {
            return null;
        }
        return previousOrNull == null ? new AdaptiveConcurrency(limiter, policy.maxConcurrent()) : previousOrNull;
    }

    /** From now on the limit of calls at the same time is that of this policy, also for calls that began under another one. */
    public void takeEffect() {
        if (replaced != null) {
            replaced.retire();
        }
        if (adaptive == null) {
            limiter.resize(modelPolicy.maxConcurrent());
        } else {
            adaptive.follow(modelPolicy.maxConcurrent());
        }
    }

    /**
     * Returns the same model at the same provider under another policy. What is known of it, its calls on their way and the requests
     * that wait for it are shared with this one; a circuit breaker of other settings begins closed, unless an operator tripped it. Nothing
     * changes before {@link #takeEffect}.
     */
    public Deployment under(ModelPolicy changed, CircuitBreakerSettings settings, QuotaSet changedQuotas) {
        return new Deployment(
                changed, this, breaker.settings().equals(settings) ? breaker : breaker.under(settings), changedQuotas);
    }

    public ModelId id() {
        return modelPolicy.id();
    }

    /** What the policy holds about the model. */
    public ModelPolicy modelPolicy() {
        return modelPolicy;
    }

    public ProviderState provider() {
        return provider;
    }

    public DeploymentCircuitBreaker breaker() {
        return breaker;
    }

    /** Limits the calls to the model at the same time. */
    public ConcurrencyLimiter limiter() {
        return limiter;
    }

    /** The pause after a rate limit. */
    public Cooldown cooldown() {
        return cooldown;
    }

    /** Whether the provider knows the model. */
    public ModelAvailability availability() {
        return availability;
    }

    /** What is left of the rate limits that the provider reports. */
    public ReportedLimits reportedLimits() {
        return reportedLimits;
    }

    /** The quotas of the policy that each of its calls takes from. */
    public QuotaSet quotas() {
        return quotas;
    }

    /** How long its answers are. */
    public AnswerLengths answerLengths() {
        return answerLengths;
    }

    /** What changes the limit of the limiter; null when it is fixed. */
    @Nullable
    AdaptiveConcurrency adaptive() {
        return adaptive;
    }

    /** What its calls showed: how many are on their way, and how fast it answers. */
    public DeploymentStats stats() {
        return stats;
    }

    /** The beginnings of prompts that it probably has in its prompt cache. */
    public PromptCacheMemory promptCache() {
        return promptCache;
    }

    /**
     * The share of its limits that such a call would leave, 0 to 1: of its permits and of the rate limits that its provider reports,
     * whichever is less.
     *
     * @param promptTokens tokens of the prompt
     * @param answerTokens tokens of the answer
     */
    public double headroom(long promptTokens, long answerTokens) {
        int most = modelPolicy.maxConcurrent();
        double permits = Math.max(0, most - stats.inFlight() - 1) / (double) most;
        return Math.min(permits, reportedLimits.remainingShare(promptTokens, answerTokens));
    }

    /** How many calls may be made now: its free permits, one when a trial call is due, none while it pauses. */
    public int freeCalls() {
        if (!untilNextCall(CallDemand.LEAST).isZero()) {
            return 0;
        }
        return breaker.state() == BreakerState.CLOSED ? limiter.free() : Math.min(1, limiter.free());
    }

    /** How long until such a call may be made, a free permit provided: the longest of what cooldown, circuit breaker and rate limits ask for. */
    public Duration untilNextCall(CallDemand demand) {
        return untilNextCall(demand, 0);
    }

    /** The same for a request that leaves so many percent of the provider's limits to others. */
    public Duration untilNextCall(CallDemand demand, int reservePercent) {
        Duration resting = longer(cooldown.timeLeft(), breaker.untilNextCall());
        return longer(resting, reportedLimits.untilFree(demand, reservePercent));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** Whether a call should rather go elsewhere, because the model has just recovered and its share grows slowly. */
    public boolean isRecovering() {
        return limiter.inUse() >= Math.ceil(breaker.share() * limiter.limit());
    }

    long nanoTime() {
        return time.nanoTime();
    }

    /** Whether the model has refused, or not heeded, the beginning of an answer that it was to continue. */
    public boolean isPrefillRefused() {
        return prefillRefused;
    }

    /** The model takes no beginning of an answer, whatever its adapter declares. Holds as long as this object. */
    public void recordPrefillRefused() {
        prefillRefused = true;
    }

    /** Wakes every request that waits for this model to rest no longer. */
    void announceChange() {
        observers.forEach(PermitWaiter::wake);
    }

    void addObserver(PermitWaiter waiter) {
        observers.add(waiter);
    }

    void removeObserver(PermitWaiter waiter) {
        observers.remove(waiter);
    }

    @Override
    public String toString() {
        return id().toString();
    }
}

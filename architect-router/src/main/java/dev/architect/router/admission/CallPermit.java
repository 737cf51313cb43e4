package dev.architect.router.admission;

import dev.architect.model.Complexity;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.RateLimit;
import dev.architect.route.BreakerCause;
import dev.architect.route.BreakerState;
import dev.architect.router.quota.QuotaClaim;
import dev.architect.router.quota.QuotaReservation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The right to make one call to a model, with everything that was taken for it: a permit of the concurrency limit, shares of the
 * provider's limits and of the quotas, the pass of the circuit breaker, and the check of a model that was gone. All of it goes back exactly once: with {@link #settle} when the call
 * has ended, or with {@link #close} when it was not made or whatever else happened. No code of the host runs between
 * {@link #tryAcquire} and its return.
 *
 * <p>The changes of circuit breakers that this causes are collected, and taken by {@link #takeChanges} when they may be published.
 * Used by one thread.
 */
public final class CallPermit implements AutoCloseable {

    /** 403 may be about one model; every other refusal is about the key, which all models of a provider share. */
    private static final int FORBIDDEN = 403;

    /** About what a call takes as long as, beside the tokens of its answer. */
    private static final int TOKENS_OF_OVERHEAD = 20;

    private final Deployment deployment;
    private final CallDemand demand;
    private final ReportedLimits.Taken taken;
    /** What the circuit breaker issued. */
    private final long pass;

    private final QuotaReservation quota;
    /** Null until there is one. */
    private @Nullable List<BreakerChange> changes;

    private final boolean isMeasured;
    private final long begunAt;
    private boolean hadFirstToken;

    /** What the budgets hold for it. */
    private BudgetHold hold = BudgetHold.NONE;

    private boolean open = true;
    private boolean streamed;
    private long startedAt;
    private boolean hasBegun;
    /** Until the answer began, or ended when it comes whole; negative before. */
    private long answeredAfter = -1;

    private CallPermit(
            Deployment deployment, CallDemand demand, ReportedLimits.Taken taken, long pass, QuotaReservation quota) {
        this.deployment = deployment;
        this.demand = demand;
        this.taken = taken;
        this.pass = pass;
        this.quota = quota;
        DeploymentStats stats = deployment.stats();
        this.isMeasured = stats.begin();
        this.begunAt = isMeasured ? stats.now() : 0;
    }

    /**
     * Returns the right to a call when there is one now.
     *
     * @param demand what it will probably take of the rate limits
     * @param early for a request that has no other candidate: also before the time of the next trial or check
     */
    public static Optional<CallPermit> tryAcquire(Deployment deployment, CallDemand demand, boolean early) {
        return tryAcquire(deployment, demand, QuotaClaim.NONE, 0, early);
    }

    /**
     * Returns the right to a call when there is one now.
     *
     * @param claim the request before the quotas, which hold also for one that is early
     * @param reservePercent what it leaves of the permits and of the provider's limits to others, in percent
     */
    public static Optional<CallPermit> tryAcquire(
            Deployment deployment, CallDemand demand, QuotaClaim claim, int reservePercent, boolean early) {
        int left = reservePercent == 0 ? 0 : deployment.limiter().limit() * reservePercent / 100;
        return deployment.limiter().tryAcquire(left)
                ? ofHeldPermit(deployment, demand, claim, reservePercent, early)
                : Optional.empty();
    }

    /** The same for a permit of the limiter that is held already; it goes back when there is no right to a call. */
    public static Optional<CallPermit> ofHeldPermit(
            Deployment deployment, CallDemand demand, QuotaClaim claim, int reservePercent, boolean early) {
        ReportedLimits limits = deployment.reportedLimits();
        ReportedLimits.Taken taken = early ? limits.take(demand) : limits.tryTake(demand, reservePercent);
        if (!taken.isGranted()) {
            deployment.limiter().release();
            return Optional.empty();
        }
        QuotaReservation quota = claim.tryTake(deployment.quotas(), demand.promptTokens(), demand.answerTokens());
        if (quota == null) {
            limits.giveBack(demand);
            deployment.limiter().release();
            return Optional.empty();
        }
        // The limiter first and the breaker second: the trial call of a breaker must not wait for a permit.
        long pass = deployment.breaker().tryAcquire(early);
        if (pass == DeploymentCircuitBreaker.REFUSED) {
            quota.giveBack();
            limits.giveBack(demand);
            deployment.limiter().release();
            return Optional.empty();
        }
        if (!deployment.availability().tryAcquire(early)) {
            // Found to be gone since the route was planned, or another request is checking it just now.
            deployment.breaker().release(pass);
            quota.giveBack();
            limits.giveBack(demand);
            deployment.limiter().release();
            return Optional.empty();
        }
        CallPermit permit = new CallPermit(deployment, demand, taken, pass, quota);
        if (DeploymentCircuitBreaker.hasChanged(pass)) {
            permit.collect(deployment, BreakerState.HALF_OPEN);
        }
        return Optional.of(permit);
    }

    public Deployment deployment() {
        return deployment;
    }

    /** The budgets hold {@code reserved} for the call, which goes back with the rest. */
    public void hold(BudgetHold reserved) {
        this.hold = reserved;
    }

    /** What the budgets hold for the call. */
    public BudgetHold hold() {
        return hold;
    }

    /** The call was sent at {@code nanos} of the monotonic clock, from where its answer is timed; {@code streamed} when that comes in parts. */
    public void begin(boolean streamed, long nanos) {
        this.streamed = streamed;
        this.startedAt = nanos;
        this.hasBegun = true;
        hold.sent();
    }

    /** Nanoseconds until the answer began, or ended when it came whole; -1 when it did not. */
    public long answeredAfterNanos() {
        return answeredAfter;
    }

    /** The first part of the answer is there: that is all that a trial call has to show, so the others need not wait for its end. */
    public void recordFirstToken() {
        if (isMeasured && open && !hadFirstToken) {
            hadFirstToken = true;
            deployment.stats().recordFirstToken(begunAt);
        }
        if (!open || answeredAfter >= 0) {
            return;
        }
        boolean wasSlow = isAnsweredSlowly();
        BreakerState changed = deployment.breaker().recordFirstToken(pass, wasSlow);
        if (changed != null) {
            collect(deployment, changed);
            deployment.announceChange();
        }
    }

    /** Whether the answer that begins, or ends, now is a slow one. */
    private boolean isAnsweredSlowly() {
        if (!hasBegun) {
            return false;
        }
        if (answeredAfter < 0) {
            answeredAfter = Math.max(0, deployment.nanoTime() - startedAt);
        }
        return deployment.breaker().isSlow(streamed, answeredAfter);
    }

    /**
     * The call has ended.
     *
     * @param failureOrNull its failure, null when it was answered
     * @param hadEnoughTime whether a failure for lack of time shows anything about the model
     * @param reported the rate limits as the reply reports them
     * @return how long the model pauses because its provider does not know it, when the failure is the first to show that
     */
    public Optional<Duration> settle(
            @Nullable ProviderException failureOrNull, boolean hadEnoughTime, List<RateLimit> reported) {
        Optional<Duration> pause = Optional.empty();
        try {
            if (failureOrNull != null && failureOrNull.kind() == FailureKind.RATE_LIMITED) {
                deployment.reportedLimits().recordRefusal(taken);
            }
            deployment.reportedLimits().update(taken, reported);
            recordOnProvider(failureOrNull);
            // Before the permit goes back: the request that waits for it must find a model that is gone, cools down or
            // is
            // sick.
            if (failureOrNull == null) {
                deployment.cooldown().recordSuccess();
                deployment.availability().recordSuccess();
                collect(deployment, deployment.breaker().recordSuccess(pass, isAnsweredSlowly()));
            } else {
                deployment.cooldown().recordFailure(failureOrNull);
                pause = deployment.availability().recordFailure(failureOrNull);
                record(failureOrNull, hadEnoughTime);
            }
        } finally {
            open = false;
            // Reads a clock that the host may have supplied: the permit goes back whatever that does.
            try {
                if (isMeasured) {
                    deployment.stats().end(begunAt, hadFirstToken, failureOrNull);
                } else {
                    deployment.stats().cancel();
                }
            } finally {
                deployment.limiter().release();
                quota.end();
                deployment.announceChange();
            }
        }
        return pause;
    }

    /**
     * The call has used so many tokens, which its quotas count instead of what was reserved. Follows {@link #settle} as soon as the usage is
     * known; without it, what was reserved counts.
     *
     * @param complexity of the request, when the answer is complete and its length shows what to expect; else null
     */
    public void settleUsage(long promptTokens, long answerTokens, @Nullable Complexity complexity) {
        if (complexity != null) {
            deployment.answerLengths().record(complexity, answerTokens);
            AdaptiveConcurrency adaptive = deployment.adaptive();
            if (adaptive != null) {
                // A whole answer takes longer the longer it is.
                double latency =
                        streamed ? answeredAfter : answeredAfter / (double) (answerTokens + TOKENS_OF_OVERHEAD);
                adaptive.recordAnswer(startedAt, deployment.nanoTime(), latency, streamed);
            }
        }
        quota.settle(promptTokens, answerTokens);
    }

    private void recordOnProvider(@Nullable ProviderException failureOrNull) {
        FailureKind kind = failureOrNull == null ? null : failureOrNull.kind();
        deployment.provider().throttle().record(kind != FailureKind.RATE_LIMITED && kind != FailureKind.OVERLOADED);
        AdaptiveConcurrency adaptive = deployment.adaptive();
        if (kind != null && adaptive != null) {
            adaptive.recordFailure(startedAt, deployment.nanoTime(), kind);
        }
    }

    private void record(ProviderException failure, boolean hadEnoughTime) {
        DeploymentCircuitBreaker breaker = deployment.breaker();
        FailureKind kind = failure.kind();
        if (kind == FailureKind.AUTHENTICATION) {
            collect(deployment, breaker.recordKeyRefused(pass));
            if (isKeyRefused(failure)) {
                openAll();
            }
        } else if (kind.tripsBreaker() && (hadEnoughTime || kind != FailureKind.TIMEOUT)) {
            BreakerState changed = isLateFirstToken(failure)
                    ? breaker.recordLateFirstToken(pass)
                    : breaker.recordFailure(pass, kind == FailureKind.TIMEOUT);
            collect(deployment, changed);
            if (changed != null && deployment.provider().isSick()) {
                openAll();
            }
        } else if (isProviderResponse(kind)) {
            collect(deployment, breaker.recordRejection(pass));
        } else {
            breaker.release(pass);
        }
    }

    /** A stream with a head and no token in time: its provider is there, and slow. */
    private boolean isLateFirstToken(ProviderException failure) {
        return streamed
                && failure.kind() == FailureKind.TIMEOUT
                && failure.delivery() == DeliveryStatus.ANSWERED
                && failure.receivedCharacters() == 0;
    }

    /** Whether the failure is about the key, which all models of the provider share. */
    public static boolean isKeyRefused(ProviderException failure) {
        return failure.kind() == FailureKind.AUTHENTICATION && failure.status().orElse(0) != FORBIDDEN;
    }

    /** The sickness of one model is one of its provider: the key is refused, or several models fail. */
    private void openAll() {
        for (Deployment other : deployment.provider().deployments()) {
            if (other != deployment) {
                collect(other, other.breaker().open(BreakerCause.PROVIDER));
                other.announceChange();
            }
        }
    }

    private static boolean isProviderResponse(FailureKind kind) {
        return switch (kind) {
            case RATE_LIMITED,
                    QUOTA_EXHAUSTED,
                    MODEL_NOT_FOUND,
                    CONTEXT_TOO_LONG,
                    TOO_LARGE_FOR_LIMIT,
                    CONTENT_REFUSED,
                    INVALID_REQUEST -> true;
            case OVERLOADED, TIMEOUT, UNAVAILABLE, PROTOCOL, AUTHENTICATION, UNSUPPORTED, CANCELLED -> false;
        };
    }

    private void collect(Deployment changed, @Nullable BreakerState now) {
        if (now == null) {
            return;
        }
        if (changes == null) {
            changes = new ArrayList<>();
        }
        changes.add(new BreakerChange(changed.id(), now));
        if (now == BreakerState.CLOSED) {
            changed.provider().throttle().forget();
        }
    }

    /** Returns the changes of circuit breakers since the last time. */
    public List<BreakerChange> takeChanges() {
        if (changes == null) {
            return List.of();
        }
        List<BreakerChange> taken = changes;
        changes = null;
        return taken;
    }

    /** Gives back what the call was given, as if it had not been made. Does nothing after {@link #settle}. */
    @Override
    public void close() {
        if (!open) {
            hold.close();
            return;
        }
        open = false;
        try {
            hold.close();
            quota.giveBack();
            deployment.reportedLimits().giveBack(demand);
            deployment.breaker().release(pass);
            deployment.availability().release();
        } finally {
            deployment.stats().cancel();
            deployment.limiter().release();
            quota.end();
            deployment.announceChange();
        }
    }
}

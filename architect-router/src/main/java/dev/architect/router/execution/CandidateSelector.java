package dev.architect.router.execution;

import dev.architect.budget.BudgetExceededException;
import dev.architect.cost.Money;
import dev.architect.cost.MoneyTotal;
import dev.architect.error.CapacityException;
import dev.architect.route.BreakerState;
import dev.architect.route.CostEstimate;
import dev.architect.route.Exclusion;
import dev.architect.route.GoneModel;
import dev.architect.router.admission.BudgetHold;
import dev.architect.router.admission.CallDemand;
import dev.architect.router.admission.CallPermit;
import dev.architect.router.admission.Deployment;
import dev.architect.router.admission.PermitWaiter;
import dev.architect.router.admission.ProviderState;
import dev.architect.router.budget.BudgetClaim;
import dev.architect.router.planning.RoutePlan;
import dev.architect.router.quota.QuotaClaim;
import dev.architect.spi.TimeSource;
import dev.architect.task.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Selects the candidate of one request that is called next: one whose call is to be repeated, else the first that this request
 * has not called yet, whose model is not gone, that is not cooling down, that has a free permit and whose circuit breaker lets the call through.
 * When none can be called now it waits, once for everything: for a free permit, the end of a cooldown, the next trial of a breaker, and
 * the outcome of a trial that is on its way. It does not wait for what comes only after the deadline.
 *
 * <p>A request that would end without any call because every circuit breaker is open gets a trial call before its time, to the model whose
 * breaker has been open longest. Used by one thread.
 */
final class CandidateSelector {

    private final TimeSource time;
    private final RouterMetrics metrics;
    private final Duration longestWait;
    private final List<Deployment> remaining;
    private final RequestContext context;
    private final QuotaClaim claim;
    /** Null when there is no budget. */
    private final @Nullable BudgetClaim budgets;

    private final int reservePercent;
    /** What was asked for last, and of which candidate: nearly every request asks for that of one alone. */
    private @Nullable CallDemand lastDemand;

    private int lastPosition = -1;
    /** Made when there is one. */
    private List<Exclusion> leftOutMeanwhile = List.of();
    /** Providers whose throttle has decided about this request, and whether it refuses it. Made when one is asked. */
    private Map<ProviderState, Boolean> throttled = Map.of();

    /** What made this request give up: a moment later there may be enough again. */
    private Optional<CapacityException> refusedBy = Optional.empty();

    private boolean anyCalled;
    private @Nullable Deployment repeated;
    private long repeatAt;

    CandidateSelector(
            RequestContext context,
            TimeSource time,
            RouterMetrics metrics,
            Duration longestWait,
            AdmissionRules admission) {
        this.context = context;
        this.reservePercent = admission.reservePercent(priority());
        this.claim = admission.quotas().claim(context.routing().scope().attribution(), reservePercent);
        this.budgets = admission
                .budgets()
                .claim(
                        context.requestId(),
                        context.routing(),
                        context.plan().complexity(),
                        admission.bound(),
                        time.nanoTime());
        this.time = time;
        this.metrics = metrics;
        this.longestWait = longestWait;
        this.remaining = new RemainingCandidates(context.plan());
    }

    private Priority priority() {
        return context.routing().scope().priority();
    }

    /** What the request will probably take of the rate limits of one of its candidates. */
    private CallDemand demandOf(Deployment deployment) {
        RoutePlan plan = context.plan();
        int position = plan.positionOf(deployment);
        CallDemand known = lastPosition == position ? lastDemand : null;
        if (known == null) {
            Optional<Integer> most = context.request().generation().maxOutputTokens();
            known = new CallDemand(
                    plan.promptTokens(position),
                    deployment
                            .answerLengths()
                            .expected(
                                    plan.complexity(),
                                    plan.expectedAnswerTokens(position),
                                    most.isPresent() ? most.get() : Integer.MAX_VALUE));
            lastDemand = known;
            lastPosition = position;
        }
        return known;
    }

    /** How long until the quotas have enough for a call to it, in nanoseconds. */
    private long untilQuotas(Deployment deployment) {
        if (claim == QuotaClaim.NONE) {
            return 0;
        }
        CallDemand demand = demandOf(deployment);
        return claim.nanosUntil(deployment.quotas(), demand.promptTokens(), demand.answerTokens());
    }

    /** How long until a call to it may be made, a free permit provided; zero when that is now. */
    Duration untilNextCall(Deployment deployment) {
        Duration resting = deployment.untilNextCall(CallDemand.LEAST);
        Duration tooLittle = Duration.ofNanos(untilQuotas(deployment));
        return resting.compareTo(tooLittle) > 0 ? resting : tooLittle;
    }

    /** The quota that keeps this request from every remaining candidate, or did when it gave up; empty when one is kept from by something else. */
    Optional<CapacityException> exceededQuota() {
        return refusedBy.isPresent() ? refusedBy : exceededNow();
    }

    private Optional<CapacityException> exceededNow() {
        Optional<CapacityException> soonest = Optional.empty();
        if (claim == QuotaClaim.NONE) {
            return soonest;
        }
        for (Deployment deployment : remaining) {
            CallDemand demand = demandOf(deployment);
            Optional<CapacityException> exceeded =
                    claim.exceeded(deployment.quotas(), demand.promptTokens(), demand.answerTokens());
            if (exceeded.isEmpty()) {
                return exceeded;
            }
            if (soonest.isEmpty()
                    || exceeded.get()
                                    .retryAfter()
                                    .orElseThrow()
                                    .compareTo(soonest.get().retryAfter().orElseThrow())
                            < 0) {
                soonest = exceeded;
            }
        }
        return soonest;
    }

    /** Whether a candidate is left that was not called and could have answered. */
    boolean hasRemaining() {
        return !remaining.isEmpty();
    }

    /** Whether a candidate is left that could be called now. */
    boolean hasOtherNow() {
        return remaining.stream()
                .anyMatch(deployment -> deployment
                                .untilNextCall(demandOf(deployment), reservePercent)
                                .isZero()
                        && untilQuotas(deployment) == 0
                        && deployment
                                .availability()
                                .gone(deployment.id().model())
                                .isEmpty());
    }

    /** Removes the candidates whose context window is not larger than that of {@code deployment}. */
    void keepOnlyLargerThan(Deployment deployment) {
        remaining.removeIf(other ->
                other.modelPolicy().contextTokens() <= deployment.modelPolicy().contextTokens());
    }

    /** Removes the candidates whose account is known to take no larger prompt than that of {@code deployment}. */
    void keepOnlyLargerLimitThan(Deployment deployment) {
        long refused = demandOf(deployment).promptTokens();
        long limit = deployment.reportedLimits().largestPrompt();
        long tooSmall = limit == Long.MAX_VALUE ? refused - 1 : Math.max(limit, refused - 1);
        remaining.removeIf(other -> other.reportedLimits().largestPrompt() <= tooSmall);
    }

    /** Removes the candidates of the provider: its key was refused, and they have the same. */
    void dropProvider(Deployment deployment) {
        remaining.removeIf(other -> other.provider() == deployment.provider());
    }

    /** Removes the candidates that are no better than {@code deployment}, whose answer was rejected, or that cost more than may be spent. */
    void keepOnlyBetterThan(Deployment deployment, RequestVerification verification, MoneyTotal spent) {
        if (!verification.mayEscalate()) {
            remaining.clear();
            return;
        }
        Optional<Money> most = verification.moneyLeft(spent);
        remaining.removeIf(other ->
                other.modelPolicy().quality() <= deployment.modelPolicy().quality()
                        || (most.isPresent() && isDearer(other, most.get())));
    }

    private boolean isDearer(Deployment deployment, Money most) {
        return estimate(deployment)
                .cost()
                .amount()
                .filter(amount -> amount.compareTo(most) <= 0)
                .isEmpty();
    }

    /**
     * Reserves of the budgets what the call of {@code permit} may cost. When they have too little left, the permit goes back, and the
     * candidates that cost more are removed: what a budget limits is not answered at a higher price.
     *
     * @param prefix what the answer begins with
     * @param timeout the longest time of the call
     */
    boolean reserve(CallPermit permit, String prefix, Duration timeout) {
        CostEstimate estimate = estimate(permit.deployment());
        if (hold(permit, estimate, prefix, timeout)) {
            return true;
        }
        estimate.cost().amount().ifPresent(most -> remaining.removeIf(other -> isDearer(other, most)));
        return false;
    }

    /** The same for a second call, without which the request has its answer all the same. */
    boolean reserveSecond(CallPermit permit, Duration timeout) {
        return hold(permit, estimate(permit.deployment()), "", timeout);
    }

    private boolean hold(CallPermit permit, CostEstimate estimate, String prefix, Duration timeout) {
        BudgetHold hold = null;
        try {
            hold = Objects.requireNonNull(budgets)
                    .reserve(context.request(), permit.deployment(), estimate, prefix, timeout);
        } finally {
            if (hold == null) {
                permit.close();
            } else {
                permit.hold(hold);
            }
        }
        return hold != null;
    }

    private CostEstimate estimate(Deployment deployment) {
        RoutePlan plan = context.plan();
        return plan.estimate(plan.positionOf(deployment));
    }

    /** Whether there are budgets at all. */
    boolean hasBudgets() {
        return budgets != null;
    }

    /** The budget that kept this request from a call; null when none did. */
    @Nullable
    BudgetExceededException budgetRefusal() {
        return budgets == null ? null : budgets.refusal();
    }

    /** Removes all candidates. */
    void dropAll() {
        remaining.clear();
    }

    /** Removes the candidates that are too expensive for the rule of the request, after what its calls have cost. */
    void keepAffordable(MoneyTotal spent) {
        RoutePlan plan = context.plan();
        remaining.removeIf(deployment -> {
            Optional<Exclusion> exceeds = plan.exceeds(plan.positionOf(deployment), spent);
            exceeds.ifPresent(this::leaveOut);
            return exceeds.isPresent();
        });
        if (repeated != null && plan.exceeds(plan.positionOf(repeated), spent).isPresent()) {
            repeated = null;
        }
    }

    private void leaveOut(Exclusion exclusion) {
        if (leftOutMeanwhile.isEmpty()) {
            leftOutMeanwhile = new ArrayList<>();
        }
        leftOutMeanwhile.add(exclusion);
    }

    /** The next call goes to {@code deployment} again, after {@code delay}. */
    void repeat(Deployment deployment, Duration delay) {
        repeated = deployment;
        repeatAt = time.nanoTime() + delay.toNanos();
    }

    /**
     * Returns the right to the next call; empty when no candidate may be called before {@code deadline}, a time of the monotonic clock.
     *
     * @throws InterruptedException when the caller was interrupted while it waited
     */
    Optional<CallPermit> acquireNext(long deadline) throws InterruptedException {
        Optional<CallPermit> next;
        try {
            next = find(deadline);
        } finally {
            // Out of the lines, whether it goes or gives up.
            claim.close();
        }
        if (next.isPresent()) {
            anyCalled = true;
            // Removed when it is called and not when it fails: each candidate gets one call of a request, and those
            // that repeat it.
            remaining.remove(next.get().deployment());
        }
        return next;
    }

    private Optional<CallPermit> find(long deadline) throws InterruptedException {
        while (repeated != null || !remaining.isEmpty()) {
            long left = deadline - time.nanoTime();
            if (left <= 0) {
                // Also when a candidate is free: the call would be sent only to time out.
                return Optional.empty();
            }
            if (repeated != null) {
                Optional<CallPermit> again = repeatCall(repeated, left);
                if (again.isPresent()) {
                    return again;
                }
                continue;
            }
            // Found to be gone by another request since this route was planned.
            dropGone();
            Optional<CallPermit> free = firstFree();
            if (free.isPresent()) {
                return free;
            }
            if (asksStore(left)) {
                continue;
            }
            Wait wait = planWait();
            if (wait.isForDecision() && !anyCalled) {
                // Only a request without any call: after one the caller has a failure that explains more than a second
                // one
                // would.
                Optional<CallPermit> early = earlyTrial();
                if (early.isPresent()) {
                    return early;
                }
            }
            Optional<Duration> bounded = wait.bounded(Duration.ofNanos(left), longestWait);
            if (bounded.isEmpty()) {
                refusedBy = exceededNow();
                // Of a quota that has enough again a share has come since the wait was planned: then no quota keeps the
                // request from its call.
                return refusedBy.isEmpty() ? firstFree() : Optional.empty();
            }
            Deployment freed = await(wait, bounded.get());
            if (freed != null) {
                // The breaker may have opened while we waited: then the permit goes back, and the search starts again.
                Optional<CallPermit> permit =
                        CallPermit.ofHeldPermit(freed, demandOf(freed), claim, reservePercent, false);
                if (permit.isPresent()) {
                    return permit;
                }
            }
        }
        return Optional.empty();
    }

    /** The right to repeat the call, after its delay; empty, with nothing to repeat any more, when it cannot be had at once then. */
    private Optional<CallPermit> repeatCall(Deployment deployment, long left) throws InterruptedException {
        long delay = repeatAt - time.nanoTime();
        if (delay > 0) {
            RequestClock clock = context.clock();
            long start = time.nanoTime();
            PermitWaiter.awaitAny(List.of(), time, Duration.ofNanos(Math.min(delay, left)));
            clock.addOutside(time.nanoTime() - start);
            return Optional.empty();
        }
        repeated = null;
        Optional<CallPermit> permit = tryAcquire(deployment, false);
        if (permit.isEmpty() && deployment.breaker().state() == BreakerState.CLOSED) {
            // Others took its permits meanwhile: it is one candidate of several again, the first one.
            remaining.add(0, deployment);
        }
        return permit;
    }

    private void dropGone() {
        for (int i = remaining.size() - 1; i >= 0; i--) {
            Deployment deployment = remaining.get(i);
            if (deployment.availability().isKnown()) {
                continue;
            }
            Optional<GoneModel> gone =
                    deployment.availability().gone(deployment.id().model());
            if (gone.isPresent()) {
                remaining.remove(i);
                leaveOut(new Exclusion.ModelGone(
                        deployment.id(), gone.get().since(), gone.get().nextCheck()));
            }
        }
    }

    /** The candidates that other requests found to be gone after the route of this one was planned, and those that became too expensive. */
    List<Exclusion> leftOutMeanwhile() {
        return List.copyOf(leftOutMeanwhile);
    }

    /**
     * Returns the right to call the first remaining candidate that passes {@code allowed} and could take all of its calls now; empty when there is
     * none. Does not wait.
     */
    Optional<CallPermit> acquireSecond(Predicate<Deployment> allowed) {
        for (Deployment deployment : remaining) {
            if (allowed.test(deployment)) {
                Optional<CallPermit> permit = acquireIfWell(deployment);
                if (permit.isPresent()) {
                    remaining.remove(deployment);
                    return permit;
                }
            }
        }
        return Optional.empty();
    }

    /** Returns the right to call {@code deployment}, which is well and has a free permit; empty when it is not. */
    Optional<CallPermit> acquireIfWell(Deployment deployment) {
        boolean isWell = deployment.breaker().state() == BreakerState.CLOSED
                && deployment.cooldown().timeLeft().isZero()
                && !deployment.provider().throttle().isActive()
                && !deployment.isRecovering();
        return isWell ? tryAcquire(deployment, false) : Optional.empty();
    }

    /** A candidate whose call was cancelled before it had shown anything may be called after all. */
    void putBack(Deployment deployment) {
        if (!remaining.contains(deployment)) {
            remaining.add(0, deployment);
        }
    }

    /** Cheapest first, but a busy model is skipped: waiting for it would queue everything behind one local model. */
    private Optional<CallPermit> firstFree() {
        Optional<CallPermit> permit = firstFree(false);
        return permit.isPresent() ? permit : firstFree(true);
    }

    private Optional<CallPermit> firstFree(boolean alsoRecovering) {
        for (int i = 0; i < remaining.size(); i++) {
            Deployment deployment = remaining.get(i);
            if (deployment.cooldown().timeLeft().isZero()
                    && (alsoRecovering || !(deployment.isRecovering() || isTrialForOthers(deployment)))
                    && !isThrottled(deployment)) {
                Optional<CallPermit> permit = tryAcquire(deployment, false);
                if (permit.isPresent()) {
                    return permit;
                }
            }
        }
        return Optional.empty();
    }

    /** An urgent request is no trial of a model that was out of order, unless it is the only one that comes. */
    private boolean isTrialForOthers(Deployment deployment) {
        return priority().level() <= Priority.HIGH.level()
                && deployment.breaker().state() != BreakerState.CLOSED
                && !deployment.breaker().isTrialOverdue();
    }

    private Optional<CallPermit> tryAcquire(Deployment deployment, boolean early) {
        return CallPermit.tryAcquire(deployment, demandOf(deployment), claim, reservePercent, early);
    }

    /** Whether its provider refuses so many calls that this request is not sent there. Decided once for each provider. */
    private boolean isThrottled(Deployment deployment) {
        ProviderState provider = deployment.provider();
        Boolean known = throttled.get(provider);
        if (known != null && known) {
            return true;
        }
        // What a circuit breaker lets through is few calls already.
        if (known != null
                || !provider.throttle().isActive()
                || deployment.breaker().state() != BreakerState.CLOSED) {
            return false;
        }
        if (throttled.isEmpty()) {
            throttled = new IdentityHashMap<>();
        }
        boolean isRefused = provider.throttle().refuses(priority());
        throttled.put(provider, isRefused);
        return isRefused;
    }

    /** Asks the store that shares the quotas, when that may help; whether it did, so that everything is to be looked at again. */
    private boolean asksStore(long left) throws InterruptedException {
        if (claim == QuotaClaim.NONE) {
            return false;
        }
        boolean hasAsked = false;
        Duration timeLeft = Duration.ofNanos(left);
        for (Deployment deployment : remaining) {
            CallDemand demand = demandOf(deployment);
            hasAsked = hasAsked
                    || (deployment.untilNextCall(demand, reservePercent).isZero()
                            && claim.askStore(
                                    deployment.quotas(), demand.promptTokens(), demand.answerTokens(), timeLeft));
        }
        return hasAsked;
    }

    /** What this request waits for: permits of busy models, and models that rest until a time or until a trial is decided. */
    private Wait planWait() {
        List<Deployment> busy = new ArrayList<>();
        List<Deployment> resting = new ArrayList<>();
        Duration rest = null;
        Duration look = null;
        boolean anyUndecided = false;
        for (Deployment deployment : remaining) {
            if (throttled.getOrDefault(deployment.provider(), false)) {
                continue;
            }
            Duration until = deployment.untilNextCall(demandOf(deployment), reservePercent);
            boolean isChecked = deployment.availability().isChecked();
            long tooLittle = untilQuotas(deployment);
            if (tooLittle > until.toNanos()) {
                // Not observed: what its other calls do changes nothing about that.
                Duration expected = Duration.ofNanos(tooLittle);
                rest = shorter(rest, expected);
                look = shorter(look, Duration.ofNanos(claim.nanosUntilLook(deployment.quotas(), tooLittle)));
                continue;
            }
            if (until.isZero() && !isChecked) {
                busy.add(deployment);
                continue;
            }
            // That a trial or a check is decided is announced, at any time.
            resting.add(deployment);
            anyUndecided = anyUndecided || isChecked || deployment.breaker().state() != BreakerState.CLOSED;
            if (!until.isZero()) {
                rest = shorter(rest, until);
                look = shorter(look, until);
            }
        }
        return new Wait(busy, resting, rest, look, anyUndecided && busy.isEmpty());
    }

    private static Duration shorter(@Nullable Duration oneOrNull, Duration other) {
        return oneOrNull == null || other.compareTo(oneOrNull) < 0 ? other : oneOrNull;
    }

    private void enterLines() {
        for (Deployment deployment : remaining) {
            if (untilQuotas(deployment) > 0) {
                CallDemand demand = demandOf(deployment);
                claim.enterLines(deployment.quotas(), demand.promptTokens(), demand.answerTokens());
            }
        }
    }

    private @Nullable Deployment await(Wait wait, Duration timeout) throws InterruptedException {
        enterLines();
        metrics.addWaiting(1);
        RequestClock clock = context.clock();
        long start = time.nanoTime();
        try {
            return PermitWaiter.awaitAny(wait.busy, wait.resting, claim, time, timeout)
                    .orElse(null);
        } finally {
            metrics.addWaiting(-1);
            clock.addOutside(time.nanoTime() - start);
        }
    }

    private Optional<CallPermit> earlyTrial() {
        List<Deployment> longestOpenFirst = new ArrayList<>(remaining);
        longestOpenFirst.removeIf(
                deployment -> !deployment.cooldown().timeLeft().isZero());
        longestOpenFirst.sort(
                Comparator.comparingLong(deployment -> deployment.breaker().openedAt()));
        for (Deployment deployment : longestOpenFirst) {
            Optional<CallPermit> permit = tryAcquire(deployment, true);
            if (permit.isPresent()) {
                return permit;
            }
        }
        return Optional.empty();
    }

    /**
     * A wait.
     *
     * @param busy models of which any permit is waited for
     * @param resting models that are looked at again when something about them changes
     * @param restOrNull until the first of these may be called by itself, null when there is none
     * @param lookOrNull until it is worth looking again, which may be before that; null when there is none
     * @param isForDecision whether it is for nothing but models that rest, of which some may be tried before their time
     */
    private record Wait(
            List<Deployment> busy,
            List<Deployment> resting,
            @Nullable Duration restOrNull,
            @Nullable Duration lookOrNull,
            boolean isForDecision) {

        /** How long to wait at most; empty when it would be in vain. */
        Optional<Duration> bounded(Duration timeLeft, Duration longestRest) {
            boolean isRestWorthIt =
                    restOrNull != null && restOrNull.compareTo(longestRest) <= 0 && restOrNull.compareTo(timeLeft) < 0;
            if (isRestWorthIt) {
                return Optional.ofNullable(lookOrNull);
            }
            return busy.isEmpty() ? Optional.empty() : Optional.of(timeLeft);
        }
    }
}

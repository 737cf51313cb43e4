package dev.architect.router.execution;

import dev.architect.event.Event;
import dev.architect.route.BreakerState;
import dev.architect.route.Exclusion;
import dev.architect.route.GoneModel;
import dev.architect.router.admission.CallPermit;
import dev.architect.router.admission.Deployment;
import dev.architect.router.admission.PermitWaiter;
import dev.architect.router.admission.ProviderCircuitBreaker;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Selects the candidate of one request that is called next: the first that this request has not called yet, whose model is
 * not gone, that is not cooling down, that has a free permit and whose circuit breaker lets the call through. When all of these are busy it waits
 * for the first free permit of any of them.
 *
 * <p>A request that would end without any call gets one as a last resort: to the candidate whose cooldown ends first, else a
 * trial call before its time to the provider whose breaker has been open longest. Used by one thread.
 */
final class CandidateSelector {

    private final RequestContext context;
    private final TimeSource time;
    private final RouterMetrics metrics;
    private final List<Deployment> remaining;
    private final List<Exclusion> goneMeanwhile = new ArrayList<>();
    private boolean anyCalled;

    CandidateSelector(RequestContext context, TimeSource time, RouterMetrics metrics) {
        this.context = context;
        this.time = time;
        this.metrics = metrics;
        this.remaining = new ArrayList<>(context.plan().deployments());
    }

    /** Whether a candidate is left that was not called and could have answered. */
    boolean hasRemaining() {
        return !remaining.isEmpty();
    }

    /** Removes the candidates whose context window is not larger than that of {@code deployment}. */
    void keepOnlyLargerThan(Deployment deployment) {
        remaining.removeIf(other ->
                other.modelPolicy().contextTokens() <= deployment.modelPolicy().contextTokens());
    }

    /**
     * Returns the right to the next call; empty when no candidate may be called within {@code timeLeft}.
     *
     * @throws InterruptedException when the caller was interrupted while it waited
     */
    Optional<CallPermit> acquireNext(Duration timeLeft) throws InterruptedException {
        Optional<CallPermit> next = find(timeLeft);
        next.ifPresent(permit -> {
            anyCalled = true;
            // Removed when it is called and not when it fails: each candidate gets at most one call of a request.
            remaining.remove(permit.deployment());
        });
        return next;
    }

    private Optional<CallPermit> find(Duration timeLeft) throws InterruptedException {
        // Measured from here, because several waits of one search share the time that is left.
        long start = time.nanoTime();
        while (!remaining.isEmpty()) {
            // Found to be gone by another request since this route was planned.
            dropGone();
            List<Deployment> notCoolingDown = remaining.stream()
                    .filter(deployment -> deployment.cooldown().timeLeft().isZero())
                    .toList();
            // Cheapest first, but a busy model is skipped: waiting for it would queue everything behind one local
            // model.
            Optional<CallPermit> free = firstFree(notCoolingDown, false);
            if (free.isPresent()) {
                return free;
            }
            // An open breaker would refuse the permit anyway, so a queue behind it ends only by the deadline.
            List<Deployment> busy = notCoolingDown.stream()
                    .filter(deployment -> deployment.provider().breaker().state() == BreakerState.CLOSED)
                    // Its permit may be free, so the wait would end at once, again and again.
                    .filter(deployment -> !deployment.availability().isChecked())
                    .toList();
            if (busy.isEmpty()) {
                // Only a request without any call: after one the caller has a failure that explains more than a second
                // one would.
                return anyCalled ? Optional.empty() : lastResort();
            }
            Duration waitAtMost = timeLeft.minusNanos(time.nanoTime() - start);
            Deployment freed = waitAtMost.isNegative() || waitAtMost.isZero() ? null : await(busy, waitAtMost);
            if (freed == null) {
                return Optional.empty();
            }
            // The breaker may have opened while we waited: then the permit goes back, and the search starts again.
            Optional<CallPermit> permit = acquire(freed, false);
            if (permit.isPresent()) {
                return permit;
            }
        }
        return Optional.empty();
    }

    private void dropGone() {
        remaining.removeIf(deployment -> {
            Optional<GoneModel> gone =
                    deployment.availability().gone(deployment.id().model());
            gone.ifPresent(model ->
                    goneMeanwhile.add(new Exclusion.ModelGone(deployment.id(), model.since(), model.nextCheck())));
            return gone.isPresent();
        });
    }

    /** The candidates that other requests found to be gone after the route of this one was planned. */
    List<Exclusion> goneMeanwhile() {
        return List.copyOf(goneMeanwhile);
    }

    private Optional<CallPermit> firstFree(List<Deployment> deployments, boolean early) {
        for (Deployment deployment : deployments) {
            if (deployment.limiter().tryAcquire()) {
                Optional<CallPermit> permit = acquire(deployment, early);
                if (permit.isPresent()) {
                    return permit;
                }
            }
        }
        return Optional.empty();
    }

    private @Nullable Deployment await(List<Deployment> busy, Duration timeLeft) throws InterruptedException {
        metrics.addWaiting(1);
        try {
            return PermitWaiter.awaitAny(busy, time, timeLeft).orElse(null);
        } finally {
            metrics.addWaiting(-1);
        }
    }

    private Optional<CallPermit> lastResort() {
        List<Deployment> coolingDown = new ArrayList<>(remaining);
        coolingDown.removeIf(deployment -> deployment.cooldown().timeLeft().isZero());
        coolingDown.sort(
                Comparator.comparing(deployment -> deployment.cooldown().timeLeft()));
        // Before the open breakers: a rate limit may have ended earlier than was stated, an open breaker had failures.
        Optional<CallPermit> permit = firstFree(coolingDown, false);
        if (permit.isPresent()) {
            return permit;
        }
        List<Deployment> longestOpenFirst = new ArrayList<>(remaining);
        longestOpenFirst.sort(Comparator.comparingLong(
                deployment -> deployment.provider().breaker().openedAt()));
        return firstFree(longestOpenFirst, true);
    }

    /** Adds the permit of the breaker to that of the limiter, which is held already and goes back when the breaker is open. */
    private Optional<CallPermit> acquire(Deployment deployment, boolean early) {
        ProviderCircuitBreaker breaker = deployment.provider().breaker();
        Optional<ProviderCircuitBreaker.BreakerPermit> breakerPermit = early
                ? breaker.tryAcquireEarly(breakerListener(deployment))
                : breaker.tryAcquire(breakerListener(deployment));
        if (breakerPermit.isEmpty()) {
            // The limiter first and the breaker second: the trial call of a breaker must not wait for a permit.
            deployment.limiter().release();
            return Optional.empty();
        }
        if (!deployment.availability().tryAcquire(early)) {
            // Found to be gone since the route was planned, or another request is checking it just now.
            breakerPermit.get().release();
            deployment.limiter().release();
            return Optional.empty();
        }
        int position = context.plan().deployments().indexOf(deployment);
        return Optional.of(new CallPermit(position, deployment, breakerPermit.get()));
    }

    /** Publishes the changes of a breaker to the scope. */
    Consumer<BreakerState> breakerListener(Deployment deployment) {
        return state -> context.publish(
                new Event.BreakerChanged(time.wallTime(), deployment.provider().name(), state));
    }
}

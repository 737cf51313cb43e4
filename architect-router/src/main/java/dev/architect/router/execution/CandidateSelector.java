package dev.architect.router.execution;

import dev.architect.event.Event;
import dev.architect.route.BreakerState;
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
 * Decides which candidate of one request is called next: the first that nobody has called yet, that did not ask to be spared,
 * that has a free permit and whose breaker lets it through. When all of these are busy it waits for whichever is free first.
 *
 * <p>When a request would end without any call, somebody is asked all the same: of those that asked to be spared the one whose
 * time comes first, else the provider whose breaker has been open longest gets its trial call early. Used by one thread.
 */
final class CandidateSelector {

    private final RequestContext context;
    private final TimeSource time;
    private final RouterMetrics metrics;
    private final List<Deployment> remaining;
    private boolean anyCalled;

    CandidateSelector(RequestContext context, TimeSource time, RouterMetrics metrics) {
        this.context = context;
        this.time = time;
        this.metrics = metrics;
        this.remaining = new ArrayList<>(context.plan().deployments());
    }

    /** Whether some candidate was never called and could have answered. */
    boolean hasRemaining() {
        return !remaining.isEmpty();
    }

    /** Leaves out the candidates whose window is not larger than that of {@code deployment}. */
    void keepOnlyLargerThan(Deployment deployment) {
        remaining.removeIf(other ->
                other.modelPolicy().contextTokens() <= deployment.modelPolicy().contextTokens());
    }

    /**
     * Returns the right to the next call; empty when nobody may be called within {@code timeLeft}.
     *
     * @throws InterruptedException when the caller left while it waited
     */
    Optional<CallPermit> acquireNext(Duration timeLeft) throws InterruptedException {
        Optional<CallPermit> next = find(timeLeft);
        next.ifPresent(permit -> {
            anyCalled = true;
            remaining.remove(permit.deployment());
        });
        return next;
    }

    private Optional<CallPermit> find(Duration timeLeft) throws InterruptedException {
        long start = time.nanoTime();
        while (!remaining.isEmpty()) {
            List<Deployment> notCoolingDown = remaining.stream()
                    .filter(deployment -> deployment.cooldown().timeLeft().isZero())
                    .toList();
            Optional<CallPermit> free = firstFree(notCoolingDown, false);
            if (free.isPresent()) {
                return free;
            }
            List<Deployment> busy = notCoolingDown.stream()
                    .filter(deployment -> deployment.provider().breaker().state() == BreakerState.CLOSED)
                    .toList();
            if (busy.isEmpty()) {
                return anyCalled ? Optional.empty() : lastResort();
            }
            Duration waitAtMost = timeLeft.minusNanos(time.nanoTime() - start);
            Deployment freed = waitAtMost.isNegative() || waitAtMost.isZero() ? null : await(busy, waitAtMost);
            if (freed == null) {
                return Optional.empty();
            }
            Optional<CallPermit> permit = acquire(freed, false);
            if (permit.isPresent()) {
                return permit;
            }
        }
        return Optional.empty();
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
        Optional<CallPermit> permit = firstFree(coolingDown, false);
        if (permit.isPresent()) {
            return permit;
        }
        List<Deployment> longestOpenFirst = new ArrayList<>(remaining);
        longestOpenFirst.sort(Comparator.comparingLong(
                deployment -> deployment.provider().breaker().openedAt()));
        return firstFree(longestOpenFirst, true);
    }

    /** Asks the breaker for a pass. The permit is held already, and goes back when there is no pass. */
    private Optional<CallPermit> acquire(Deployment deployment, boolean early) {
        ProviderCircuitBreaker breaker = deployment.provider().breaker();
        Optional<ProviderCircuitBreaker.BreakerPermit> breakerPermit = early
                ? breaker.tryAcquireEarly(breakerListener(deployment))
                : breaker.tryAcquire(breakerListener(deployment));
        if (breakerPermit.isEmpty()) {
            deployment.limiter().release();
            return Optional.empty();
        }
        int position = context.plan().deployments().indexOf(deployment);
        return Optional.of(new CallPermit(position, deployment, breakerPermit.get()));
    }

    /** Tells the scope of changes of a breaker. */
    Consumer<BreakerState> breakerListener(Deployment deployment) {
        return state -> context.publish(
                new Event.BreakerChanged(time.wallTime(), deployment.provider().name(), state));
    }
}

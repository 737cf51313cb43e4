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
    private final List<Deployment> left;
    private boolean anyCalled;

    CandidateSelector(RequestContext context, TimeSource time, RouterMetrics metrics) {
        this.context = context;
        this.time = time;
        this.metrics = metrics;
        this.left = new ArrayList<>(context.plan().deployments());
    }

    /** Whether some candidate was never called and could have answered. */
    boolean hasLeft() {
        return !left.isEmpty();
    }

    /** Leaves out the candidates whose window is not larger than that of {@code deployment}. */
    void onlyLargerThan(Deployment deployment) {
        left.removeIf(
                other -> other.model().contextTokens() <= deployment.model().contextTokens());
    }

    /**
     * Returns the right to the next call; empty when nobody may be called within {@code patience}.
     *
     * @throws InterruptedException when the caller left while it waited
     */
    Optional<CallPermit> next(Duration patience) throws InterruptedException {
        Optional<CallPermit> next = find(patience);
        next.ifPresent(admission -> {
            anyCalled = true;
            left.remove(admission.deployment());
        });
        return next;
    }

    private Optional<CallPermit> find(Duration patience) throws InterruptedException {
        long start = time.nanoTime();
        while (!left.isEmpty()) {
            List<Deployment> willing = left.stream()
                    .filter(deployment -> deployment.cooling().left().isZero())
                    .toList();
            Optional<CallPermit> free = firstFree(willing, false);
            if (free.isPresent()) {
                return free;
            }
            List<Deployment> busy = willing.stream()
                    .filter(deployment -> deployment.backend().breaker().state() == BreakerState.CLOSED)
                    .toList();
            if (busy.isEmpty()) {
                return anyCalled ? Optional.empty() : allTheSame();
            }
            Duration rest = patience.minusNanos(time.nanoTime() - start);
            Deployment freed = rest.isNegative() || rest.isZero() ? null : await(busy, rest);
            if (freed == null) {
                return Optional.empty();
            }
            Optional<CallPermit> admission = admit(freed, false);
            if (admission.isPresent()) {
                return admission;
            }
        }
        return Optional.empty();
    }

    private Optional<CallPermit> firstFree(List<Deployment> deployments, boolean early) {
        for (Deployment deployment : deployments) {
            if (deployment.permits().tryTake()) {
                Optional<CallPermit> admission = admit(deployment, early);
                if (admission.isPresent()) {
                    return admission;
                }
            }
        }
        return Optional.empty();
    }

    private @Nullable Deployment await(List<Deployment> busy, Duration patience) throws InterruptedException {
        metrics.waiting(1);
        try {
            return PermitWaiter.any(busy, time, patience).orElse(null);
        } finally {
            metrics.waiting(-1);
        }
    }

    private Optional<CallPermit> allTheSame() {
        List<Deployment> resting = new ArrayList<>(left);
        resting.removeIf(deployment -> deployment.cooling().left().isZero());
        resting.sort(Comparator.comparing(deployment -> deployment.cooling().left()));
        Optional<CallPermit> admission = firstFree(resting, false);
        if (admission.isPresent()) {
            return admission;
        }
        List<Deployment> longestOpenFirst = new ArrayList<>(left);
        longestOpenFirst.sort(Comparator.comparingLong(
                deployment -> deployment.backend().breaker().openedAt()));
        return firstFree(longestOpenFirst, true);
    }

    /** Asks the breaker for a pass. The permit is held already, and goes back when there is no pass. */
    private Optional<CallPermit> admit(Deployment deployment, boolean early) {
        ProviderCircuitBreaker breaker = deployment.backend().breaker();
        Optional<ProviderCircuitBreaker.Pass> pass =
                early ? breaker.admitEarly(changes(deployment)) : breaker.admit(changes(deployment));
        if (pass.isEmpty()) {
            deployment.permits().giveBack();
            return Optional.empty();
        }
        int position = context.plan().deployments().indexOf(deployment);
        return Optional.of(new CallPermit(position, deployment, pass.get()));
    }

    /** Tells the scope of changes of a breaker. */
    Consumer<BreakerState> changes(Deployment deployment) {
        return state -> context.tell(
                new Event.BreakerChanged(time.wallTime(), deployment.backend().name(), state));
    }
}

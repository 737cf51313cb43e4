package dev.architect.router;

import dev.architect.event.Event;
import dev.architect.route.BreakerState;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides which candidate of one request is called next: the first that nobody has called yet, whose breaker lets it through
 * and that has a free permit. When all are busy it waits for whichever is free first. When all breakers are open before the
 * first call, the provider that has been open longest gets its trial call early. Used by one thread.
 */
final class Doorman {

    private final RequestContext context;
    private final TimeSource time;
    private final RouterMetrics metrics;
    private final List<Deployment> left;
    private boolean anyCalled;

    Doorman(RequestContext context, TimeSource time, RouterMetrics metrics) {
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
    Optional<Admission> next(Duration patience) throws InterruptedException {
        long start = time.nanoTime();
        while (!left.isEmpty()) {
            List<Deployment> busy = new ArrayList<>();
            for (Deployment deployment : left) {
                if (!deployment.permits().tryTake()) {
                    busy.add(deployment);
                    continue;
                }
                Optional<Admission> admission = admit(deployment);
                if (admission.isPresent()) {
                    return admission;
                }
            }
            busy.removeIf(deployment -> deployment.backend().breaker().state() == BreakerState.OPEN);
            if (busy.isEmpty()) {
                return anyCalled ? Optional.empty() : early();
            }
            Duration rest = patience.minusNanos(time.nanoTime() - start);
            Deployment freed = rest.isNegative() || rest.isZero() ? null : await(busy, rest);
            if (freed == null) {
                return Optional.empty();
            }
            Optional<Admission> admission = admit(freed);
            if (admission.isPresent()) {
                return admission;
            }
        }
        return Optional.empty();
    }

    private @Nullable Deployment await(List<Deployment> busy, Duration patience) throws InterruptedException {
        metrics.waiting(1);
        try {
            return PermitWait.any(busy, time, patience).orElse(null);
        } finally {
            metrics.waiting(-1);
        }
    }

    /** Asks the breaker for a pass; the permit is held already and goes back without one. */
    private Optional<Admission> admit(Deployment deployment) {
        return admission(deployment, deployment.backend().breaker().admit(changes(deployment)));
    }

    private Optional<Admission> early() {
        List<Deployment> longestOpenFirst = new ArrayList<>(left);
        longestOpenFirst.sort(Comparator.comparingLong(
                deployment -> deployment.backend().breaker().openedAt()));
        for (Deployment deployment : longestOpenFirst) {
            if (deployment.permits().tryTake()) {
                Optional<Admission> admission =
                        admission(deployment, deployment.backend().breaker().admitEarly(changes(deployment)));
                if (admission.isPresent()) {
                    return admission;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Admission> admission(Deployment deployment, Optional<Breaker.Pass> pass) {
        if (pass.isEmpty()) {
            deployment.permits().giveBack();
            return Optional.empty();
        }
        left.remove(deployment);
        anyCalled = true;
        int position = context.plan().deployments().indexOf(deployment);
        return Optional.of(new Admission(position, deployment, pass.get()));
    }

    Consumer<BreakerState> changes(Deployment deployment) {
        return state -> context.tell(
                new Event.BreakerChanged(time.wallTime(), deployment.backend().name(), state));
    }
}

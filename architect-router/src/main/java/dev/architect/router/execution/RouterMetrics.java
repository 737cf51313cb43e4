package dev.architect.router.execution;

import dev.architect.router.admission.Deployment;
import dev.architect.router.admission.DeploymentCircuitBreaker;
import dev.architect.router.admission.ProviderState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The gauges of the router. What its calls used and cost is in the ledger entries that it publishes, from which {@code
 * architect-micrometer} makes meters.
 *
 * <ul>
 *   <li>{@code architect.router.breaker}: by {@code provider} and {@code model}; 0 closed, 1 half open, 2 open
 *   <li>{@code architect.router.in.flight}: calls on their way, by {@code provider}
 *   <li>{@code architect.router.waiting}: requests that wait because every model is busy
 * </ul>
 *
 * <p>No name or tag holds text of a prompt. Safe for use by several threads.
 */
final class RouterMetrics implements AutoCloseable {

    private static final String PREFIX = "architect.router.";
    private static final String PROVIDER = "provider";

    private final MeterRegistry registry;
    private final List<Meter> gauges = new ArrayList<>();
    private final Map<DeploymentCircuitBreaker, Meter> breakers = new IdentityHashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();

    RouterMetrics(MeterRegistry registry, List<ProviderState> providers) {
        this.registry = registry;
        for (ProviderState provider : providers) {
            gauges.add(Gauge.builder(
                            PREFIX + "in.flight",
                            provider,
                            one -> one.inFlight().get())
                    .tag(PROVIDER, provider.name())
                    .register(registry));
        }
        gauges.add(
                Gauge.builder(PREFIX + "waiting", waiting, AtomicInteger::get).register(registry));
    }

    /** From now on the circuit breakers of these models have a gauge, and no others. */
    void show(Collection<Deployment> deployments) {
        synchronized (breakers) {
            Set<DeploymentCircuitBreaker> shown = Collections.newSetFromMap(new IdentityHashMap<>());
            deployments.forEach(deployment -> shown.add(deployment.breaker()));
            // First, because a registry keeps one gauge of a name and its tags.
            breakers.entrySet().removeIf(entry -> {
                boolean isGone = !shown.contains(entry.getKey());
                if (isGone) {
                    registry.remove(entry.getValue());
                }
                return isGone;
            });
            for (Deployment deployment : deployments) {
                breakers.computeIfAbsent(
                        deployment.breaker(),
                        breaker -> Gauge.builder(PREFIX + "breaker", breaker, RouterMetrics::value)
                                .description("0 closed, 1 half open, 2 open")
                                .tag(PROVIDER, deployment.id().provider())
                                .tag("model", deployment.id().model())
                                .register(registry));
            }
        }
    }

    void addWaiting(int change) {
        waiting.addAndGet(change);
    }

    /** Removes the gauges, which would otherwise keep showing a closed router. */
    @Override
    public void close() {
        gauges.forEach(registry::remove);
        show(List.of());
    }

    private static double value(DeploymentCircuitBreaker breaker) {
        return switch (breaker.state()) {
            case CLOSED -> 0;
            case HALF_OPEN -> 1;
            case OPEN -> 2;
        };
    }
}

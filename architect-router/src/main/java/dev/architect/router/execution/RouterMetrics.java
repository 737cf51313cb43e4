package dev.architect.router.execution;

import dev.architect.router.admission.AdmissionMetrics;
import dev.architect.router.admission.Deployment;
import dev.architect.router.admission.DeploymentCircuitBreaker;
import dev.architect.router.admission.ProviderState;
import dev.architect.router.cache.ResponseCache;
import dev.architect.router.quota.QuotaBook;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The meters of the router. What its calls used and cost is in the ledger entries that it publishes, from which {@code
 * architect-micrometer} makes meters.
 *
 * <ul>
 *   <li>{@code architect.router.breaker}: by {@code provider} and {@code model}; 0 closed, 1 half open, 2 open
 *   <li>{@code architect.router.in.flight}: calls on their way, by {@code provider}
 *   <li>{@code architect.router.waiting}: requests that wait because every model is busy
 *   <li>{@code architect.router.cache.entries} and {@code .bytes}: what the cache of answers holds
 *   <li>{@code architect.router.cache.requests}: by {@code result}, {@code hit} or {@code miss}
 *   <li>{@code architect.router.hedges}: second calls, by {@code outcome}: won, lost
 *   <li>{@code architect.router.overhead}: what the router itself takes of a request, a timer
 * </ul>
 *
 * <p>No name or tag holds text of a prompt. Safe for use by several threads.
 */
final class RouterMetrics implements AutoCloseable {

    private static final String PREFIX = "architect.router.";
    private static final String PROVIDER = "provider";
    private static final Logger LOG = LoggerFactory.getLogger(RouterMetrics.class);

    /** From a microsecond to a tenth of a second. */
    private static final Duration[] OVERHEAD_BUCKETS = LongStream.of(
                    1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 5_000, 25_000, 100_000)
            .mapToObj(micros -> Duration.ofNanos(micros * 1_000))
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final List<Meter> gauges = new ArrayList<>();
    private final Map<DeploymentCircuitBreaker, Meter> breakers = new IdentityHashMap<>();
    private final AdmissionMetrics admission;
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder hedgesWon = new LongAdder();
    private final LongAdder hedgesLost = new LongAdder();
    private final @Nullable Timer overhead;

    // Guarded by the list.
    private final List<Meter> cacheMeters = new ArrayList<>();
    private @Nullable ResponseCache watched;

    /** Creates the meters; without a registry they cost nothing and are kept nowhere. */
    RouterMetrics(@Nullable MeterRegistry registryOrNull, List<ProviderState> providers) {
        // A composite without children, so that no code needs to check whether there is a registry.
        this.registry = registryOrNull == null ? new CompositeMeterRegistry() : registryOrNull;
        this.admission = new AdmissionMetrics(registry, providers);
        this.overhead = registryOrNull == null ? null : registered(() -> overhead(registry));
        for (ProviderState provider : providers) {
            add(
                    gauges,
                    () -> Gauge.builder(
                                    PREFIX + "in.flight",
                                    provider,
                                    one -> one.inFlight().get())
                            .tag(PROVIDER, provider.name())
                            .register(registry));
        }
        add(
                gauges,
                () -> Gauge.builder(PREFIX + "waiting", waiting, AtomicInteger::get)
                        .register(registry));
        add(gauges, () -> hedges("won", hedgesWon));
        add(gauges, () -> hedges("lost", hedgesLost));
    }

    private Meter hedges(String outcome, LongAdder count) {
        return FunctionCounter.builder(PREFIX + "hedges", count, LongAdder::sum)
                .description("second calls, by whether their answer was taken")
                .tag("outcome", outcome)
                .register(registry);
    }

    /** A second call has ended. */
    void recordHedge(boolean hasWon) {
        (hasWon ? hedgesWon : hedgesLost).increment();
    }

    /** From now on these models and quotas have gauges, and no others. */
    void show(Collection<Deployment> deployments, QuotaBook quotas) {
        admission.show(deployments, quotas);
        showBreakers(deployments);
    }

    private void showBreakers(Collection<Deployment> deployments) {
        synchronized (breakers) {
            Set<DeploymentCircuitBreaker> shown = Collections.newSetFromMap(new IdentityHashMap<>());
            deployments.forEach(deployment -> shown.add(deployment.breaker()));
            // First, because a registry keeps one gauge of a name and its tags.
            breakers.entrySet().removeIf(entry -> {
                boolean isGone = !shown.contains(entry.getKey());
                if (isGone) {
                    remove(entry.getValue());
                }
                return isGone;
            });
            for (Deployment deployment : deployments) {
                breakers.computeIfAbsent(
                        deployment.breaker(),
                        breaker -> registered(() -> Gauge.builder(PREFIX + "breaker", breaker, RouterMetrics::value)
                                .description("0 closed, 1 half open, 2 open")
                                .tag(PROVIDER, deployment.id().provider())
                                .tag("model", deployment.id().model())
                                .register(registry)));
            }
        }
    }

    /** From now on this cache has meters, and no other; null for none. */
    void watch(@Nullable ResponseCache cacheOrNull) {
        synchronized (cacheMeters) {
            if (cacheOrNull == watched) {
                return;
            }
            watched = cacheOrNull;
            cacheMeters.forEach(this::remove);
            cacheMeters.clear();
            if (cacheOrNull != null) {
                add(
                        cacheMeters,
                        () -> Gauge.builder(PREFIX + "cache.entries", cacheOrNull, ResponseCache::entries)
                                .register(registry));
                add(
                        cacheMeters,
                        () -> Gauge.builder(PREFIX + "cache.bytes", cacheOrNull, ResponseCache::bytes)
                                .baseUnit("bytes")
                                .register(registry));
                add(cacheMeters, () -> requests(cacheOrNull, "hit", ResponseCache::hits));
                add(cacheMeters, () -> requests(cacheOrNull, "miss", ResponseCache::misses));
            }
        }
    }

    private Meter requests(ResponseCache cache, String result, ToDoubleFunction<ResponseCache> count) {
        return FunctionCounter.builder(PREFIX + "cache.requests", cache, count)
                .tag("result", result)
                .register(registry);
    }

    /** Whether the time that the router itself takes of a request is measured. */
    boolean measuresOverhead() {
        return overhead != null;
    }

    /** Records what the router itself took of a request. Fails in no case: the answer is there. */
    void recordOverhead(long nanos) {
        try {
            if (overhead != null) {
                overhead.record(Math.max(0, nanos), TimeUnit.NANOSECONDS);
            }
        } catch (Throwable failure) {
            LOG.warn("a duration was not recorded: {}", failure.getClass().getName());
        }
    }

    private static Timer overhead(MeterRegistry registry) {
        return Timer.builder(PREFIX + "overhead")
                .description("Time of a request outside providers and without waiting")
                .serviceLevelObjectives(OVERHEAD_BUCKETS)
                .register(registry);
    }

    private static void add(List<Meter> meters, Supplier<Meter> source) {
        Meter meter = registered(source);
        if (meter != null) {
            meters.add(meter);
        }
    }

    /** Null when the registry fails: a request is worth more than a meter. */
    private static <M extends Meter> @Nullable M registered(Supplier<M> source) {
        try {
            return source.get();
        } catch (Throwable failure) {
            LOG.warn("a meter was not registered: {}", failure.getClass().getName());
            return null;
        }
    }

    private void remove(Meter meter) {
        try {
            registry.remove(meter);
        } catch (Throwable failure) {
            LOG.warn("a meter was not removed: {}", failure.getClass().getName());
        }
    }

    void addWaiting(int change) {
        waiting.addAndGet(change);
    }

    /** Removes the gauges, which would otherwise keep showing a closed router. */
    @Override
    public void close() {
        gauges.forEach(this::remove);
        if (overhead != null) {
            remove(overhead);
        }
        showBreakers(List.of());
        admission.close();
        watch(null);
    }

    private static double value(DeploymentCircuitBreaker breaker) {
        return switch (breaker.state()) {
            case CLOSED -> 0;
            case HALF_OPEN -> 1;
            case OPEN -> 2;
        };
    }
}

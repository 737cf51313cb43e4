package dev.architect.router.admission;

import dev.architect.router.quota.QuotaBook;
import dev.architect.router.quota.QuotaGauge;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gauges of what holds calls back.
 *
 * <ul>
 *   <li>{@code architect.router.concurrency}: the most calls at the same time now, by {@code provider} and {@code model}
 *   <li>{@code architect.router.throttled}: the probability of not sending an ordinary request, 0 to 1, by {@code provider}
 *   <li>{@code architect.router.quota.used}, {@code .limit}, {@code .waiting} and {@code .refused}: units of this process within the last
 *       period, the most of them, requests that wait, and requests that were refused, by {@code quota}. Those that each tenant has
 *       by itself have none
 * </ul>
 *
 * <p>A registry that fails has no gauges, and no other effect. Safe for use by several threads.
 */
public final class AdmissionMetrics implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AdmissionMetrics.class);
    private static final String PREFIX = "architect.router.";
    private static final String PROVIDER = "provider";

    private final MeterRegistry registry;
    private final Collection<ProviderState> providers;
    private final List<Meter> gauges = new ArrayList<>();

    /** Creates gauges that show nothing yet. */
    public AdmissionMetrics(MeterRegistry registry, Collection<ProviderState> providers) {
        this.registry = registry;
        this.providers = List.copyOf(providers);
    }

    /** From now on these models and these quotas have gauges, and no others. */
    public synchronized void show(Collection<Deployment> deployments, QuotaBook quotas) {
        // First, because a registry keeps one gauge of a name and its tags.
        close();
        for (ProviderState provider : providers) {
            add(Gauge.builder(
                            PREFIX + "throttled",
                            provider,
                            one -> one.throttle().probability())
                    .tag(PROVIDER, provider.name()));
        }
        for (Deployment deployment : deployments) {
            add(Gauge.builder(PREFIX + "concurrency", deployment.limiter(), ConcurrencyLimiter::limit)
                    .tag(PROVIDER, deployment.id().provider())
                    .tag("model", deployment.id().model()));
        }
        for (QuotaGauge quota : quotas.gauges()) {
            add(quota, "used", QuotaGauge::used);
            add(quota, "limit", QuotaGauge::limit);
            add(quota, "waiting", QuotaGauge::waiting);
            add(quota, "refused", QuotaGauge::refused);
        }
    }

    private void add(QuotaGauge quota, String what, ToDoubleFunction<QuotaGauge> value) {
        add(Gauge.builder(PREFIX + "quota." + what, quota, value)
                .tag("quota", quota.name())
                .strongReference(true));
    }

    private <T> void add(Gauge.Builder<T> gauge) {
        try {
            gauges.add(gauge.register(registry));
        } catch (Throwable failure) {
            LOG.warn("a meter was not registered: {}", failure.getClass().getName());
        }
    }

    /** Removes the gauges. */
    @Override
    public synchronized void close() {
        for (Meter gauge : gauges) {
            try {
                registry.remove(gauge);
            } catch (Throwable failure) {
                LOG.warn("a meter was not removed: {}", failure.getClass().getName());
            }
        }
        gauges.clear();
    }
}

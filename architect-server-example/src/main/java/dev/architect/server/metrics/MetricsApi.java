package dev.architect.server.metrics;

import dev.architect.Architect;
import dev.architect.route.BreakerState;
import dev.architect.route.ProviderStatus;
import dev.architect.server.rest.Endpoint;
import dev.architect.server.rest.EnumWords;
import dev.architect.spi.TimeSource;
import dev.architect.task.SessionInfo;
import dev.architect.task.TaskState;
import io.javalin.http.Context;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The resource {@code /metrics}: the meters that others record, and gauges of the current state. */
public final class MetricsApi {

    /** A scrape reads many gauges, which share one query of the store. */
    private static final Duration MAX_AGE = Duration.ofSeconds(1);

    private final PrometheusMeterRegistry registry;
    private final Supplier<Map<TaskState, Long>> counts;
    private final Supplier<List<SessionInfo>> sessions;
    private final Supplier<List<ProviderStatus>> providers;

    /** Creates the resource and registers its gauges. */
    public MetricsApi(Architect architect, PrometheusMeterRegistry registry, TimeSource time) {
        this.registry = registry;
        this.counts = new CachedValue<>(architect.tasks()::counts, time, MAX_AGE);
        this.sessions = new CachedValue<>(architect.sessions()::list, time, MAX_AGE);
        this.providers = new CachedValue<>(architect.providers()::statuses, time, MAX_AGE);
        registerGauges(architect);
    }

    private void registerGauges(Architect architect) {
        for (TaskState state : TaskState.values()) {
            Gauge.builder("architect.tasks", () -> counts.get().getOrDefault(state, 0L))
                    .tag("state", EnumWords.of(state))
                    .register(registry);
        }
        Gauge.builder("architect.attempts.running", architect.sessions()::runningAttempts)
                .register(registry);
        Gauge.builder("architect.sessions", () -> sessions.get().size()).register(registry);
        Gauge.builder("architect.session.slots", () -> sum(SessionInfo::slots)).register(registry);
        Gauge.builder("architect.session.slots.busy", () -> sum(SessionInfo::busy))
                .register(registry);
        for (ProviderStatus provider : architect.providers().statuses()) {
            String name = provider.name();
            Gauge.builder("architect.provider.calls.active", () -> sumOf(name, ProviderStatus::inFlight))
                    .tag("provider", name)
                    .register(registry);
            for (BreakerState state : BreakerState.values()) {
                Gauge.builder(
                                "architect.provider.breaker",
                                () -> sumOf(name, status -> status.breaker() == state ? 1 : 0))
                        .description("1 for the state that the breaker of the provider is in")
                        .tags("provider", name, "state", EnumWords.of(state))
                        .register(registry);
            }
        }
    }

    private double sum(ToDoubleFunction<SessionInfo> part) {
        return sessions.get().stream().mapToDouble(part).sum();
    }

    private double sumOf(String provider, ToDoubleFunction<ProviderStatus> part) {
        return providers.get().stream()
                .filter(status -> status.name().equals(provider))
                .mapToDouble(part)
                .sum();
    }

    /** Its endpoints. */
    public List<Endpoint> endpoints() {
        return List.of(Endpoint.get("/metrics", this::scrape));
    }

    private void scrape(Context request) {
        request.contentType("text/plain; version=0.0.4; charset=utf-8").result(registry.scrape());
    }
}

package dev.architect.router.execution;

import dev.architect.cost.LedgerEntry;
import dev.architect.model.FailureKind;
import dev.architect.router.admission.ProviderState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The meters of the router:
 *
 * <ul>
 *   <li>{@code architect.router.calls}: calls by {@code provider}, {@code outcome} and {@code failure}
 *   <li>{@code architect.router.call.duration}: how long they took, by {@code provider} and {@code outcome}
 *   <li>{@code architect.router.tokens}: by {@code provider} and {@code side} (prompt, completion)
 *   <li>{@code architect.router.cost}: in pico-dollars, by {@code provider} and {@code status}; the ledger is exact, this is not
 *   <li>{@code architect.router.unpriced}: calls without an amount, by {@code provider}
 *   <li>{@code architect.router.failovers}: by the {@code provider} that failed and the {@code failure}
 *   <li>{@code architect.router.breaker}: by {@code provider}; 0 closed, 1 half open, 2 open
 *   <li>{@code architect.router.in.flight}: calls on their way, by {@code provider}
 *   <li>{@code architect.router.waiting}: requests that wait because every model is busy
 * </ul>
 *
 * <p>No name or tag holds text of a prompt. Safe for use by several threads.
 */
final class RouterMetrics implements AutoCloseable {

    private static final String PREFIX = "architect.router.";
    private static final String PROVIDER = "provider";
    private static final String FAILURE = "failure";

    private final MeterRegistry registry;
    private final List<Meter> gauges = new ArrayList<>();
    private final AtomicInteger waiting = new AtomicInteger();

    RouterMetrics(MeterRegistry registry, List<ProviderState> providers) {
        this.registry = registry;
        for (ProviderState provider : providers) {
            gauges.add(Gauge.builder(PREFIX + "breaker", provider, RouterMetrics::breaker)
                    .description("0 closed, 1 half open, 2 open")
                    .tag(PROVIDER, provider.name())
                    .register(registry));
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

    void addWaiting(int change) {
        waiting.addAndGet(change);
    }

    void recordCall(LedgerEntry entry) {
        String provider = entry.route().requested().provider();
        String outcome = lower(entry.outcome());
        String failure = entry.failure().map(RouterMetrics::lower).orElse("none");
        registry.counter(PREFIX + "calls", PROVIDER, provider, "outcome", outcome, FAILURE, failure)
                .increment();
        registry.timer(PREFIX + "call.duration", PROVIDER, provider, "outcome", outcome)
                .record(entry.timing().duration());
        registry.counter(PREFIX + "tokens", PROVIDER, provider, "side", "prompt")
                .increment(entry.metering().usage().promptTokens());
        registry.counter(PREFIX + "tokens", PROVIDER, provider, "side", "completion")
                .increment(entry.metering().usage().completionTokens());
        entry.charge()
                .cost()
                .amount()
                .ifPresentOrElse(
                        amount -> registry.counter(
                                        PREFIX + "cost",
                                        PROVIDER,
                                        provider,
                                        "status",
                                        lower(entry.charge().cost().status()))
                                .increment(amount.picoUsd()),
                        () -> registry.counter(PREFIX + "unpriced", PROVIDER, provider)
                                .increment());
    }

    void recordFailover(String provider, FailureKind why) {
        registry.counter(PREFIX + "failovers", PROVIDER, provider, FAILURE, lower(why))
                .increment();
    }

    /** Removes the gauges, which would otherwise keep showing a closed router. */
    @Override
    public void close() {
        gauges.forEach(registry::remove);
    }

    private static double breaker(ProviderState provider) {
        return switch (provider.breaker().state()) {
            case CLOSED -> 0;
            case HALF_OPEN -> 1;
            case OPEN -> 2;
        };
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}

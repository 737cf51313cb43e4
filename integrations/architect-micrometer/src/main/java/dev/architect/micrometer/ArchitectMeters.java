package dev.architect.micrometer;

import dev.architect.cost.CallOutcome;
import dev.architect.cost.CostStatus;
import dev.architect.cost.LedgerEntry;
import dev.architect.event.Event;
import dev.architect.event.EventListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Counts and measures what happens, for {@code /metrics} and the live page. Hand it to {@code Architect.builder().listener(…)}
 * and to the builder of the server. Values count from the start of the process; money in metrics is for curves,
 * the ledger has the exact amounts. Safe for use by several threads.
 */
public final class ArchitectMeters implements EventListener {

    private static final double[] PERCENTILES = {0.5, 0.95, 0.99};

    /** How far percentiles reach back: a page that stays open must not forget a busy morning at once. */
    private static final Duration PERCENTILE_EXPIRY = Duration.ofHours(1);

    private final MeterRegistry registry;
    private final Timer assign;

    /** Creates meters in {@code registry}. */
    public ArchitectMeters(MeterRegistry registry) {
        this.registry = registry;
        this.assign = Timer.builder("architect.task.assign")
                .description("Time from a task becoming ready to its attempt starting")
                .publishPercentiles(PERCENTILES)
                .distributionStatisticExpiry(PERCENTILE_EXPIRY)
                .register(registry);
    }

    /** Where the meters are. */
    public MeterRegistry registry() {
        return registry;
    }

    /**
     * How long tasks waited from ready to started, in the last hour or so.
     *
     * @param count attempts started since the process began
     * @param p50 the median
     * @param p95 what 95 % did not exceed
     * @param p99 what 99 % did not exceed
     */
    public record AssignLatency(long count, Duration p50, Duration p95, Duration p99) {}

    /** Returns how long tasks waited from ready to started. */
    public AssignLatency assignLatency() {
        HistogramSnapshot snapshot = assign.takeSnapshot();
        return new AssignLatency(snapshot.count(), at(snapshot, 0.5), at(snapshot, 0.95), at(snapshot, 0.99));
    }

    private static Duration at(HistogramSnapshot snapshot, double percentile) {
        for (ValueAtPercentile value : snapshot.percentileValues()) {
            // Equal without a tolerance: the meter returns the numbers that it was registered with.
            if (value.percentile() == percentile) {
                return Duration.ofNanos((long) value.value(TimeUnit.NANOSECONDS));
            }
        }
        return Duration.ZERO;
    }

    @Override
    public void onEvent(Event event) {
        on(event, Event.TaskSubmitted.class, submitted -> count("architect.tasks.submitted", 1));
        on(event, Event.TaskStarted.class, started -> assign.record(started.waited()));
        on(
                event,
                Event.TaskAttemptEnded.class,
                ended -> count("architect.attempts.ended", 1, "outcome", word(ended.outcome())));
        on(event, Event.TaskEnded.class, ended -> count("architect.tasks.ended", 1, "state", word(ended.state())));
        on(event, Event.CallEnded.class, ended -> recordCall(ended.entry()));
        on(event, Event.FailedOver.class, failover -> recordFailover(failover));
        on(event, Event.TasksRecovered.class, recovered -> count("architect.tasks.recovered", recovered.tasks()));
    }

    private void recordFailover(Event.FailedOver failover) {
        count(
                "architect.failovers",
                1,
                "from",
                failover.from().provider(),
                "to",
                failover.to().provider());
    }

    private void recordCall(LedgerEntry entry) {
        String provider = entry.route().requested().provider();
        Timer.builder("architect.call")
                .description("Calls to providers and how long they took")
                .tags("provider", provider, "outcome", word(entry.outcome()))
                .register(registry)
                .record(entry.timing().duration());
        count("architect.tokens", entry.metering().usage().promptTokens(), "provider", provider, "side", "input");
        count("architect.tokens", entry.metering().usage().completionTokens(), "provider", provider, "side", "output");
        String status = word(entry.charge().cost().status());
        // Meters count in doubles; the exact amounts are in the ledger.
        entry.charge()
                .cost()
                .amount()
                .ifPresent(amount -> count(
                        "architect.cost.usd", amount.usd().doubleValue(), "provider", provider, "status", status));
        if (entry.charge().cost().status() == CostStatus.UNPRICED) {
            count("architect.calls.unpriced", 1, "provider", provider);
        }
        // The baseline would have given the accepted answers only, so failed calls have no share in it.
        if (entry.outcome() == CallOutcome.ANSWERED) {
            entry.charge()
                    .baseline()
                    .amount()
                    .ifPresent(amount ->
                            count("architect.baseline.usd", amount.usd().doubleValue(), "provider", provider));
        }
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private void count(String name, double amount, String... tags) {
        registry.counter(name, tags).increment(amount);
    }

    private static <E extends Event> void on(Event event, Class<E> kind, Consumer<E> action) {
        if (kind.isInstance(event)) {
            action.accept(kind.cast(event));
        }
    }
}

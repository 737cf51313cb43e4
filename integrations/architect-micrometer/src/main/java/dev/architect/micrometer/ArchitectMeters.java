package dev.architect.micrometer;

import dev.architect.attempt.FencingToken;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CostStatus;
import dev.architect.cost.LedgerEntry;
import dev.architect.event.Event;
import dev.architect.event.EventListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * Counts and measures what happens to tasks, sessions and calls. Hand it to {@code Architect.builder().listener(…)}; {@link
 * ArchitectGauges} adds the state of the moment. The reference page of the meters lists names, tags and units.
 *
 * <p>Values count from the start of the process. Money in meters is for curves, in dollars as a floating-point number; the
 * ledger has the exact amounts. A tag has at most a hundred values, all later ones are {@code other}; none holds text of a prompt.
 * Safe for use by several threads.
 */
public final class ArchitectMeters implements EventListener {

    private static final double[] PERCENTILES = {0.5, 0.95, 0.99};

    /** How far percentiles reach back: a page that stays open must not forget a busy morning at once. */
    private static final Duration PERCENTILE_EXPIRY = Duration.ofHours(1);

    private static final Duration[] ASSIGN_BUCKETS =
            millis(1, 5, 10, 25, 50, 100, 250, 500, 1_000, 5_000, 30_000, 300_000);
    private static final Duration[] ATTEMPT_BUCKETS =
            millis(10, 100, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 1_800_000);
    private static final Duration[] CALL_BUCKETS =
            millis(10, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000);

    /** How many attempts are timed at once; far beyond the slots of a node. */
    private static final int MAX_TIMED_ATTEMPTS = 100_000;

    private final MeterRegistry registry;
    private final GenAiMeters genAi;
    private final Timer assign;
    /** The same durations in a registry of our own: the page shows percentiles, and a registry of the host gets buckets. */
    private final Timer recentAssign;

    private final BoundedValues types = new BoundedValues();
    private final BoundedValues providers = new BoundedValues();
    private final BoundedValues requestedModels = new BoundedValues();
    private final BoundedValues answeredModels = new BoundedValues();
    private final Map<FencingToken, Instant> startedAt = new ConcurrentHashMap<>();

    /** Creates meters in {@code registry}. */
    public ArchitectMeters(MeterRegistry registry) {
        this.registry = registry;
        this.genAi = new GenAiMeters(registry);
        this.assign = Timer.builder("architect.task.assign")
                .description("Time from a task becoming ready to its attempt starting")
                .serviceLevelObjectives(ASSIGN_BUCKETS)
                .register(registry);
        this.recentAssign = Timer.builder("architect.task.assign")
                .publishPercentiles(PERCENTILES)
                .distributionStatisticExpiry(PERCENTILE_EXPIRY)
                .register(new SimpleMeterRegistry());
    }

    private static Duration[] millis(long... values) {
        return LongStream.of(values).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
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
        HistogramSnapshot snapshot = recentAssign.takeSnapshot();
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
        on(
                event,
                Event.TaskSubmitted.class,
                submitted -> count("architect.task.submitted", 1, Tags.of("type", types.of(submitted.type()))));
        on(event, Event.TaskStarted.class, this::recordStart);
        on(event, Event.TaskAttemptEnded.class, this::recordAttempt);
        on(
                event,
                Event.TaskEnded.class,
                ended -> count("architect.task.ended", 1, Tags.of("state", MeterWords.of(ended.state()))));
        on(
                event,
                Event.TasksRecovered.class,
                recovered -> count("architect.task.recovered", recovered.tasks(), Tags.empty()));
        on(event, Event.SessionOpened.class, opened -> count("architect.session.opened", 1, Tags.empty()));
        on(event, Event.SessionClosed.class, closed -> count("architect.session.closed", 1, Tags.empty()));
        on(event, Event.CallEnded.class, ended -> recordCall(ended.entry(), ended.firstToken()));
        on(event, Event.AnswerReused.class, this::recordReuse);
        on(event, Event.AnswerChecked.class, this::recordCheck);
        on(event, Event.FailedOver.class, this::recordFailover);
    }

    private void recordStart(Event.TaskStarted started) {
        assign.record(started.waited());
        recentAssign.record(started.waited());
        if (startedAt.size() < MAX_TIMED_ATTEMPTS) {
            startedAt.put(started.fencingToken(), started.at());
        }
    }

    private void recordAttempt(Event.TaskAttemptEnded ended) {
        Instant start = startedAt.remove(ended.fencingToken());
        Duration took = start == null ? Duration.ZERO : Duration.between(start, ended.at());
        Timer.builder("architect.task.attempt")
                .description("Attempts and how long they took")
                .tag("outcome", MeterWords.of(ended.outcome()))
                .serviceLevelObjectives(ATTEMPT_BUCKETS)
                .register(registry)
                // The wall clock may have been set back meanwhile.
                .record(took.isNegative() ? Duration.ZERO : took);
    }

    private void recordFailover(Event.FailedOver failover) {
        count(
                "architect.call.failover",
                1,
                Tags.of(
                        "from",
                        providers.of(failover.from().provider()),
                        "to",
                        providers.of(failover.to().provider()),
                        "failure",
                        MeterWords.of(failover.why())));
    }

    private void recordReuse(Event.AnswerReused reused) {
        Tags tags = Tags.of(
                "provider",
                providers.of(reused.model().provider()),
                "model",
                answeredModels.of(reused.model().model()));
        count("architect.answer.reused", 1, tags);
        reused.avoided()
                .amount()
                .ifPresent(amount ->
                        count("architect.cost.avoided.usd", amount.usd().doubleValue(), tags));
    }

    private void recordCheck(Event.AnswerChecked checked) {
        count(
                "architect.answer.checked",
                1,
                Tags.of(
                        "provider",
                        providers.of(checked.model().provider()),
                        "model",
                        answeredModels.of(checked.model().model()),
                        "verdict",
                        MeterWords.of(checked.verdict().kind())));
    }

    private void recordCall(LedgerEntry entry, Optional<Duration> firstToken) {
        String provider = providers.of(entry.route().requested().provider());
        String model = requestedModels.of(entry.route().requested().model());
        genAi.record(
                entry,
                firstToken,
                provider,
                model,
                answeredModels.of(entry.route().answered().model()));
        Tags tags = Tags.of("provider", provider, "model", model);
        Timer.builder("architect.call")
                .description("Calls to providers and how long they took")
                .tags(tags.and(
                        "outcome",
                        MeterWords.of(entry.outcome()),
                        "failure",
                        entry.failure().map(MeterWords::of).orElse(MeterWords.NONE)))
                .serviceLevelObjectives(CALL_BUCKETS)
                .register(registry)
                .record(entry.timing().duration());
        count("architect.call.tokens", entry.metering().usage().promptTokens(), tags.and("type", "input"));
        count("architect.call.tokens", entry.metering().usage().completionTokens(), tags.and("type", "output"));
        CostStatus status = entry.charge().cost().status();
        entry.charge()
                .cost()
                .amount()
                .ifPresent(amount -> count(
                        "architect.cost.usd", amount.usd().doubleValue(), tags.and("status", MeterWords.of(status))));
        if (status == CostStatus.UNPRICED) {
            count("architect.call.unpriced", 1, tags);
        }
        // The baseline would have given the accepted answers only, so failed calls have no share in it.
        if (entry.outcome() == CallOutcome.ANSWERED) {
            entry.charge()
                    .baseline()
                    .amount()
                    .ifPresent(amount ->
                            count("architect.cost.baseline.usd", amount.usd().doubleValue(), tags));
        }
    }

    /** By the builder: the registry's own method with {@link Tags} is new, and hosts bring older versions of Micrometer. */
    private void count(String name, double amount, Tags tags) {
        Counter.builder(name).tags(tags).register(registry).increment(amount);
    }

    private static <E extends Event> void on(Event event, Class<E> kind, Consumer<E> action) {
        if (kind.isInstance(event)) {
            action.accept(kind.cast(event));
        }
    }
}

package dev.architect.micrometer;

import dev.architect.Architect;
import dev.architect.node.NodeRecord;
import dev.architect.node.NodeRole;
import dev.architect.node.NodeState;
import dev.architect.route.BreakerState;
import dev.architect.route.ProviderStatus;
import dev.architect.spi.TimeSource;
import dev.architect.task.SessionInfo;
import dev.architect.task.TaskState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * The state of the moment as gauges: tasks, sessions, nodes, providers. {@link ArchitectMeters} counts what happens. Close it before the
 * {@code Architect}, whose state cannot be read afterwards. Safe for use by several threads.
 */
public final class ArchitectGauges implements MeterBinder, AutoCloseable {

    /** A scrape reads many gauges, which share one query of the store. */
    private static final Duration MAX_AGE = Duration.ofSeconds(1);

    private final Architect architect;
    private final Supplier<Map<TaskState, Long>> counts;
    private final Supplier<List<SessionInfo>> sessions;
    private final Supplier<Map<NodeState, Long>> nodes;
    private final Supplier<List<NodeRole>> roles;
    private final Supplier<List<ProviderStatus>> providers;
    private final List<Runnable> removals = new CopyOnWriteArrayList<>();

    /** Creates gauges over {@code architect} with the system's clock. */
    public ArchitectGauges(Architect architect) {
        this(architect, TimeSource.system());
    }

    /** Creates gauges over {@code architect}; by {@code time}, the store is read at most once a second. */
    public ArchitectGauges(Architect architect, TimeSource time) {
        this.architect = architect;
        this.counts = new CachedValue<>(() -> architect.tasks().counts(), time, MAX_AGE);
        this.nodes = new CachedValue<>(() -> nodes(architect), time, MAX_AGE);
        this.roles = new CachedValue<>(() -> architect.nodes().roles(), time, MAX_AGE);
        this.sessions = new CachedValue<>(architect.sessions()::list, time, MAX_AGE);
        this.providers = new CachedValue<>(architect.providers()::statuses, time, MAX_AGE);
    }

    private static Map<NodeState, Long> nodes(Architect architect) {
        return architect.nodes().list().stream()
                .collect(Collectors.groupingBy(NodeRecord::state, Collectors.counting()));
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (TaskState state : TaskState.values()) {
            add(
                    registry,
                    "architect.task.count",
                    Tags.of("state", MeterWords.of(state)),
                    () -> counts.get().getOrDefault(state, 0L));
        }
        add(registry, "architect.task.running", Tags.empty(), architect.sessions()::runningAttempts);
        add(
                registry,
                "architect.task.ends.unrecorded",
                Tags.empty(),
                () -> architect.health().unrecordedEnds());
        add(
                registry,
                "architect.worker.written.off",
                Tags.empty(),
                () -> architect.health().writtenOff());
        add(
                registry,
                "architect.ledger.calls.kept",
                Tags.empty(),
                () -> architect.health().keptCalls());
        add(
                registry,
                "architect.engine.silence",
                Tags.empty(),
                () -> architect.health().longestSilence().toMillis() / 1_000.0);
        add(
                registry,
                "architect.session.count",
                Tags.empty(),
                () -> sessions.get().size());
        add(registry, "architect.session.slots", Tags.empty(), () -> sum(SessionInfo::slots));
        add(registry, "architect.session.slots.busy", Tags.empty(), () -> sum(SessionInfo::busy));
        for (NodeState state : NodeState.values()) {
            add(
                    registry,
                    "architect.node.count",
                    Tags.of("state", MeterWords.of(state)),
                    () -> nodes.get().getOrDefault(state, 0L));
        }
        add(registry, "architect.node.roles", Tags.empty(), this::heldRoles);
        for (ProviderStatus provider : architect.providers().statuses()) {
            String name = provider.name();
            add(
                    registry,
                    "architect.provider.calls.active",
                    Tags.of("provider", name),
                    () -> sumOf(name, ProviderStatus::inFlight));
            for (BreakerState state : BreakerState.values()) {
                add(
                        registry,
                        "architect.provider.breaker",
                        Tags.of("provider", name, "state", MeterWords.of(state)),
                        () -> sumOf(name, status -> status.breaker() == state ? 1 : 0));
            }
        }
    }

    private void add(MeterRegistry registry, String name, Tags tags, Supplier<Number> value) {
        Meter gauge = Gauge.builder(name, value).tags(tags).register(registry);
        removals.add(() -> registry.remove(gauge));
    }

    private long heldRoles() {
        long own = architect.nodes().incarnation().orElse(-1L);
        return roles.get().stream().filter(role -> role.holder() == own).count();
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

    /** Removes the gauges from every registry that they were bound to. */
    @Override
    public void close() {
        removals.forEach(Runnable::run);
        removals.clear();
    }
}

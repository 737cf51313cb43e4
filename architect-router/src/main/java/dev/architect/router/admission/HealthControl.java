package dev.architect.router.admission;

import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.model.ModelId;
import dev.architect.route.BreakerCause;
import dev.architect.route.BreakerOrder;
import dev.architect.route.BreakerState;
import dev.architect.route.BreakerTarget;
import dev.architect.route.BreakerTrip;
import dev.architect.route.HealthHint;
import dev.architect.route.ModelHealth;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The health of the models of one router from outside of its requests: what operators order, what probes find and what other nodes say.
 * Publishes the changes that this causes.
 *
 * <p>Safe for use by several threads; the listener is called without a lock.
 */
public final class HealthControl {

    private static final Logger LOG = LoggerFactory.getLogger(HealthControl.class);

    /** A model that another node found out of order is suspect for so long, unless a call to it is answered here before. */
    private static final Duration SUSPECT = Duration.ofMinutes(1);

    /** A reset that comes later only ends the trip before it: what calls have shown since may be new. */
    private static final Duration FRESH = Duration.ofMinutes(1);

    /** The versions of so many nodes are remembered for each model; of more, those heard of longest ago are forgotten. */
    private static final int MAX_NODES = 64;

    private static final int SHOWN_TARGETS = 20;
    private static final int GENERATION_BITS = 20;
    private static final long NODE_BOUND = Long.MAX_VALUE;

    private final Collection<ProviderState> providers;
    private final TimeSource time;
    private final long firstVersion;
    private final Object lock = new Object();
    // Guarded by the lock: its own name, once it is needed, the newest order for each model, and what other nodes said
    // last.
    private @Nullable String node;
    private final Map<ModelId, BreakerOrder> orders = new HashMap<>();
    private final Map<String, BreakerOrder> providerOrders = new HashMap<>();
    private final Map<ModelId, Map<String, Long>> seen = new HashMap<>();
    private volatile EventListener events = event -> {};

    public HealthControl(Collection<ProviderState> providers, TimeSource time) {
        this.providers = List.copyOf(providers);
        this.time = time;
        // Above all versions of an earlier life of this process.
        this.firstVersion = Math.max(0, time.wallTime().toEpochMilli()) << GENERATION_BITS;
    }

    /** Takes where changes are published that no request causes. */
    public void listen(EventListener listener) {
        this.events = listener;
    }

    /** Lets no call through to the target. */
    public void trip(BreakerTarget target, BreakerTrip trip) {
        if (!trip.until().isAfter(time.wallTime())) {
            throw new IllegalArgumentException("until is " + trip.until() + ", expected a time to come");
        }
        order(target, trip.reason(), Optional.of(trip.until()));
    }

    /** Closes the breakers of the target and ends its trip. */
    public void reset(BreakerTarget target, String reason) {
        order(target, reason, Optional.empty());
    }

    private void order(BreakerTarget target, String reason, Optional<Instant> until) {
        List<Deployment> meant = deployments().stream()
                .filter(deployment -> target.includes(deployment.id()))
                .toList();
        if (meant.isEmpty()) {
            throw new IllegalArgumentException(
                    "target is '" + target + "', expected a provider or model of [" + known() + "]");
        }
        for (Deployment deployment : meant) {
            BreakerOrder order;
            synchronized (lock) {
                BreakerOrder before = orders.get(deployment.id());
                order = new BreakerOrder(
                        before == null ? 1 : before.version() + 1, node(), time.wallTime(), reason, until);
                orders.put(deployment.id(), order);
                if (target.model().isEmpty()) {
                    providerOrders.put(target.provider(), order);
                }
            }
            obey(deployment, order);
        }
    }

    /** The models of the providers changed: what was ordered for one, or for its whole provider, holds for those that come. */
    public void serve() {
        for (Deployment deployment : deployments()) {
            BreakerOrder order;
            synchronized (lock) {
                ModelId id = deployment.id();
                order = orders.getOrDefault(id, providerOrders.get(id.provider()));
                if (order != null) {
                    orders.put(id, order);
                }
            }
            if (order != null
                    && order.until().filter(time.wallTime()::isBefore).isPresent()
                    && !deployment.breaker().isTripped()) {
                obey(deployment, order);
            }
        }
    }

    private String known() {
        return deployments().stream()
                .limit(SHOWN_TARGETS)
                .map(Deployment::toString)
                .collect(Collectors.joining(", "));
    }

    private void obey(Deployment deployment, BreakerOrder order) {
        DeploymentCircuitBreaker breaker = deployment.breaker();
        if (order.until().isPresent()) {
            changed(
                    deployment,
                    breaker.trip(new BreakerTrip(order.reason(), order.until().get())));
        } else if (breaker.isTripped() || !order.at().plus(FRESH).isBefore(time.wallTime())) {
            changed(deployment, breaker.reset(order.reason()));
        }
    }

    /** What other nodes may be told. */
    public List<HealthHint> hints() {
        List<HealthHint> hints = new ArrayList<>();
        for (Deployment deployment : deployments()) {
            BreakerOrder order;
            String own;
            synchronized (lock) {
                order = orders.get(deployment.id());
                own = node();
            }
            hints.add(deployment.breaker().hint(own, deployment.id(), firstVersion, Optional.ofNullable(order)));
        }
        return hints;
    }

    /** Takes what other nodes say. */
    public void accept(List<HealthHint> hints) {
        for (HealthHint hint : hints) {
            Deployment deployment = find(hint.model());
            if (deployment == null) {
                continue;
            }
            boolean isNewState;
            boolean isNewOrder;
            synchronized (lock) {
                // Its own hint may come back to it.
                isNewState = !hint.node().equals(node) && isNew(hint);
                BreakerOrder known = orders.get(hint.model());
                isNewOrder = hint.order()
                        .filter(order -> known == null || order.compareTo(known) > 0)
                        .isPresent();
                if (isNewOrder) {
                    orders.put(hint.model(), hint.order().get());
                }
            }
            if (isNewOrder) {
                obey(deployment, hint.order().get());
            }
            if (isNewState) {
                weigh(deployment, hint);
            }
        }
    }

    /** Called under the lock. */
    private String node() {
        if (node == null) {
            node = HexFormat.of().toHexDigits(time.random(NODE_BOUND));
        }
        return node;
    }

    /** Called under the lock. */
    private boolean isNew(HealthHint hint) {
        Map<String, Long> versions = seen.computeIfAbsent(hint.model(), model -> new LinkedHashMap<>());
        Long before = versions.remove(hint.node());
        versions.put(hint.node(), before == null ? hint.version() : Math.max(before, hint.version()));
        if (versions.size() > MAX_NODES) {
            versions.remove(versions.keySet().iterator().next());
        }
        return before == null || hint.version() > before;
    }

    private static void weigh(Deployment deployment, HealthHint hint) {
        switch (hint.state()) {
            case CLOSED -> deployment.breaker().trust();
            case OPEN -> deployment.breaker().suspect(SUSPECT);
            // Its trial is on the way, and will show more.
            case HALF_OPEN -> {}
        }
    }

    private @Nullable Deployment find(ModelId model) {
        return deployments().stream()
                .filter(deployment -> deployment.id().equals(model))
                .findFirst()
                .orElse(null);
    }

    private List<Deployment> deployments() {
        return providers.stream()
                .flatMap(provider -> provider.deployments().stream())
                .toList();
    }

    /** The circuit breakers of the models of {@code provider} that are not switched off. */
    public static List<ModelHealth> healthOf(ProviderState provider) {
        return provider.deployments().stream()
                .filter(deployment -> deployment.modelPolicy().isEnabled())
                .map(deployment -> deployment.breaker().health(deployment.id().model()))
                .toList();
    }

    /** A probe found the provider of {@code deployment} out of order, {@code times} in a row: at first it is suspect, then it opens. */
    void recordFailedProbe(Deployment deployment, int times) {
        if (times == 1) {
            deployment.breaker().suspect(SUSPECT);
        } else {
            changed(deployment, deployment.breaker().open(BreakerCause.PROBE));
        }
    }

    /** A probe found the provider of {@code deployment} well; {@code hadFailed} when the one before had not. */
    void recordHealthyProbe(Deployment deployment, boolean hadFailed) {
        if (hadFailed) {
            deployment.breaker().trust();
        }
        changed(deployment, deployment.breaker().recordHealthyProbe());
    }

    private void changed(Deployment deployment, @Nullable BreakerState now) {
        deployment.announceChange();
        if (now == null) {
            return;
        }
        try {
            events.onEvent(new Event.BreakerChanged(time.wallTime(), deployment.id(), now));
        } catch (Throwable failure) {
            LOG.warn("an event listener failed on the circuit breaker of {}", deployment.id(), failure);
        }
    }
}

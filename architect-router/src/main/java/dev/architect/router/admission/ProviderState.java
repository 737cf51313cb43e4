package dev.architect.router.admission;

import dev.architect.route.BreakerState;
import dev.architect.router.policy.ThrottleSettings;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.TimeSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A provider, the models that it serves, and the number of its calls on their way. Safe for use by several threads. */
public final class ProviderState {

    /** So many sick models of one provider are taken as a sickness of the provider. */
    private static final int SICK_MODELS = 3;

    private final ModelProvider provider;
    private volatile ProviderThrottle throttle;
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile List<Deployment> deployments = List.of();

    /** Creates a provider all of whose calls are sent. */
    public ProviderState(ModelProvider provider) {
        this(provider, ThrottleSettings.OFF, TimeSource.system());
    }

    /** Creates a provider to which calls are throttled as {@code settings} say. */
    public ProviderState(ModelProvider provider, ThrottleSettings settings, TimeSource time) {
        this.provider = provider;
        this.throttle = new ProviderThrottle(settings, time);
    }

    /** Calls are throttled as {@code settings} say from now on; what was counted is kept when they are the same. */
    public void follow(ThrottleSettings settings) {
        throttle = throttle.under(settings);
    }

    /** Keeps calls from it while it refuses most of them. */
    public ProviderThrottle throttle() {
        return throttle;
    }

    public String name() {
        return provider.name();
    }

    public ModelProvider provider() {
        return provider;
    }

    /** The number of calls that were sent and have not ended. */
    public AtomicInteger inFlight() {
        return inFlight;
    }

    /** The models of the policy that it serves, those that are switched off included. */
    public List<Deployment> deployments() {
        return deployments;
    }

    /** From now on it serves these models. */
    public void serve(List<Deployment> models) {
        deployments = List.copyOf(models);
    }

    /** Closed while calls to any model are let through, else half open while one is tried. */
    public BreakerState breaker() {
        BreakerState best = null;
        for (Deployment deployment : deployments) {
            BreakerState state = deployment.breaker().state();
            if (deployment.modelPolicy().isEnabled() && (best == null || rank(state) < rank(best))) {
                best = state;
            }
        }
        return best == null ? BreakerState.CLOSED : best;
    }

    private static int rank(BreakerState state) {
        return switch (state) {
            case CLOSED -> 0;
            case HALF_OPEN -> 1;
            case OPEN -> 2;
        };
    }

    /** Whether so many of its models were found to be out of order that it is itself; what an operator tripped shows nothing. */
    boolean isSick() {
        int sick = 0;
        for (Deployment deployment : deployments) {
            sick += deployment.breaker().isSick() ? 1 : 0;
        }
        return sick >= SICK_MODELS;
    }
}

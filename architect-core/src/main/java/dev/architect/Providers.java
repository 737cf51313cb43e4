package dev.architect;

import dev.architect.check.Check;
import dev.architect.model.ProviderProbe;
import dev.architect.route.BreakerTarget;
import dev.architect.route.BreakerTrip;
import dev.architect.route.ProviderStatus;
import dev.architect.spi.Router;
import java.util.List;

/** The providers of an {@link Architect}, as their calls showed them. Does not block unless it says so; safe for use by several threads. */
public final class Providers {

    private final Router router;

    Providers(Router router) {
        this.router = router;
    }

    /** Returns how each provider stands. */
    public List<ProviderStatus> statuses() {
        return router.providers();
    }

    /**
     * Lets no call through to a model, or to any model of a provider, until the time of {@code trip} or until {@link #reset}, whatever calls
     * and probes show. Calls on their way go on.
     *
     * @throws IllegalArgumentException when the target is none of this Architect, or the time is over
     * @throws UnsupportedOperationException when its router has no circuit breakers
     */
    public void trip(BreakerTarget target, BreakerTrip trip) {
        router.trip(Check.notNull("target", target), Check.notNull("trip", trip));
    }

    /**
     * Ends a trip, closes the circuit breakers, and forgets what calls showed so far.
     *
     * @param reason why, for those who look at the status; not blank, at most 200 characters
     * @throws IllegalArgumentException when the target is none of this Architect
     * @throws UnsupportedOperationException when its router has no circuit breakers
     */
    public void reset(BreakerTarget target, String reason) {
        router.reset(Check.notNull("target", target), BreakerTrip.checkReason(reason));
    }

    /**
     * Asks a provider whether it serves calls, without a model doing anything. Changes no circuit breaker. Blocks as long as the provider does, those
     * of the adapters for five seconds at most unless their limits say otherwise.
     *
     * @param provider its name
     * @throws IllegalArgumentException when it is none of this Architect
     * @throws UnsupportedOperationException when its router asks no providers
     */
    public ProviderProbe probe(String provider) {
        return router.probe(Check.notNull("provider", provider));
    }
}

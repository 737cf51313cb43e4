package dev.architect.router.admission;

import dev.architect.model.ModelId;
import dev.architect.route.BreakerState;
import dev.architect.router.policy.ModelPolicy;

/**
 * A model of the policy together with the provider that serves it. Two deployments are equal only when they are the same
 * object, because each has its own limiter, cooldown and availability.
 *
 * @param modelPolicy what the policy holds about the model
 * @param provider the provider and its state
 * @param limiter limits the calls to the model at the same time
 * @param cooldown the pause after a rate limit
 * @param availability whether the provider knows the model
 */
public record Deployment(
        ModelPolicy modelPolicy,
        ProviderState provider,
        ConcurrencyLimiter limiter,
        Cooldown cooldown,
        ModelAvailability availability) {

    public ModelId id() {
        return modelPolicy.id();
    }

    /** How many calls may be made now: its free permits, one when a trial call is due, none while it pauses. */
    public int freeCalls() {
        ProviderCircuitBreaker breaker = provider.breaker();
        if (!cooldown.timeLeft().isZero() || !breaker.untilNextCall().isZero()) {
            return 0;
        }
        return breaker.state() == BreakerState.CLOSED ? limiter.free() : Math.min(1, limiter.free());
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}

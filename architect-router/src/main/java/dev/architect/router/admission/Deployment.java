package dev.architect.router.admission;

import dev.architect.model.ModelId;
import dev.architect.router.policy.ModelPolicy;

/**
 * A model of the policy together with the provider that serves it.
 *
 * @param modelPolicy what the policy says of it
 * @param provider the provider and how it stands
 * @param limiter how many calls may go to it at the same time
 * @param cooldown whether it asked to be spared
 */
public record Deployment(
        ModelPolicy modelPolicy, ProviderState provider, ConcurrencyLimiter limiter, Cooldown cooldown) {

    public ModelId id() {
        return modelPolicy.id();
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

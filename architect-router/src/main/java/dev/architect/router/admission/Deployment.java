package dev.architect.router.admission;

import dev.architect.model.ModelId;
import dev.architect.router.policy.RoutingPolicy;

/**
 * A model of the policy together with the provider that serves it.
 *
 * @param model what the policy says of it
 * @param backend the provider and how it stands
 * @param permits how many calls may go to it at the same time
 * @param cooling whether it asked to be spared
 */
public record Deployment(
        RoutingPolicy.Model model, ProviderState backend, ConcurrencyLimiter permits, Cooldown cooling) {

    public ModelId id() {
        return model.id();
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

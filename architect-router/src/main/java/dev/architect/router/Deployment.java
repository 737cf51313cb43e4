package dev.architect.router;

import dev.architect.model.ModelId;

/**
 * A model of the policy together with the provider that serves it.
 *
 * @param model what the policy says of it
 * @param backend the provider and how it stands
 * @param permits how many calls may go to it at the same time
 * @param cooling whether it asked to be spared
 */
record Deployment(RoutingPolicy.Model model, Backend backend, Permits permits, Cooling cooling) {

    ModelId id() {
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

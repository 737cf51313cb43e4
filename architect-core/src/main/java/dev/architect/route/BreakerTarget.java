package dev.architect.route;

import dev.architect.check.Check;
import dev.architect.model.ModelId;
import java.util.Optional;

/**
 * Whose circuit breakers an operator trips or resets: that of one model, or those of all models of a provider.
 *
 * @param provider the provider
 * @param model the provider's own id of the model; empty for all of them
 */
public record BreakerTarget(String provider, Optional<String> model) {

    /** Checks every field. */
    public BreakerTarget {
        Check.notBlank("provider", provider);
        Check.notNull("model", model);
    }

    /** Returns one model. */
    public static BreakerTarget model(ModelId id) {
        return new BreakerTarget(Check.notNull("id", id).provider(), Optional.of(id.model()));
    }

    /** Returns all models of a provider. */
    public static BreakerTarget provider(String name) {
        return new BreakerTarget(name, Optional.empty());
    }

    /** Whether it means {@code id}. */
    public boolean includes(ModelId id) {
        Check.notNull("id", id);
        return provider.equals(id.provider())
                && model.filter(named -> !named.equals(id.model())).isEmpty();
    }

    @Override
    public String toString() {
        return provider + model.map(name -> "/" + name).orElse("");
    }
}

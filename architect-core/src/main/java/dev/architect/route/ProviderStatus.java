package dev.architect.route;

import dev.architect.check.Check;
import java.util.List;

/**
 * How a provider stands, as its calls showed.
 *
 * @param name the provider
 * @param breaker whether calls are let through
 * @param inFlight calls on their way
 * @param models models of the policy that it serves
 */
public record ProviderStatus(String name, BreakerState breaker, int inFlight, List<String> models) {

    /** Copies the models and checks every field. */
    public ProviderStatus {
        Check.notNull("name", name);
        Check.notNull("breaker", breaker);
        models = List.copyOf(Check.noNulls("models", models));
    }
}

package dev.architect.route;

import dev.architect.check.Check;
import java.util.List;
import java.util.Map;

/**
 * How a provider stands, as its calls showed.
 *
 * @param name the provider
 * @param breaker whether calls are let through: to any of its models, or to one that is tried
 * @param inFlight calls on their way
 * @param models models of the policy that it serves, those that are gone included
 * @param goneModels those of the models that it does not know at the moment
 * @param breakers the circuit breakers that are not closed, by model
 * @param health the circuit breakers of its models, closed ones included; empty when the router does not tell
 */
public record ProviderStatus(
        String name,
        BreakerState breaker,
        int inFlight,
        List<String> models,
        List<GoneModel> goneModels,
        Map<String, BreakerState> breakers,
        List<ModelHealth> health) {

    /** Copies the collections and checks every field. */
    public ProviderStatus {
        Check.notNull("name", name);
        Check.notNull("breaker", breaker);
        models = List.copyOf(Check.noNulls("models", models));
        goneModels = List.copyOf(Check.noNulls("goneModels", goneModels));
        breakers = Map.copyOf(Check.noNulls("breakers", breakers));
        health = List.copyOf(Check.noNulls("health", health));
    }

    /** Creates the status of a provider about whose circuit breakers no more than their states is known. */
    public ProviderStatus(
            String name,
            BreakerState breaker,
            int inFlight,
            List<String> models,
            List<GoneModel> goneModels,
            Map<String, BreakerState> breakers) {
        this(name, breaker, inFlight, models, goneModels, breakers, List.of());
    }

    /** Creates the status of a provider that knows all its models and whose circuit breakers are all closed. */
    public ProviderStatus(String name, BreakerState breaker, int inFlight, List<String> models) {
        this(name, breaker, inFlight, models, List.of(), Map.of());
    }
}

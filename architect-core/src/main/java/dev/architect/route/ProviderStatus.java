package dev.architect.route;

import dev.architect.check.Check;
import java.util.List;

/**
 * How a provider stands, as its calls showed.
 *
 * @param name the provider
 * @param breaker whether calls are let through
 * @param inFlight calls on their way
 * @param models models of the policy that it serves, those that are gone included
 * @param goneModels those of the models that it does not know at the moment
 */
public record ProviderStatus(
        String name, BreakerState breaker, int inFlight, List<String> models, List<GoneModel> goneModels) {

    /** Copies the lists and checks every field. */
    public ProviderStatus {
        Check.notNull("name", name);
        Check.notNull("breaker", breaker);
        models = List.copyOf(Check.noNulls("models", models));
        goneModels = List.copyOf(Check.noNulls("goneModels", goneModels));
    }

    /** Creates the status of a provider that knows all its models. */
    public ProviderStatus(String name, BreakerState breaker, int inFlight, List<String> models) {
        this(name, breaker, inFlight, models, List.of());
    }
}

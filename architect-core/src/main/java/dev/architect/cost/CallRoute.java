package dev.architect.cost;

import dev.architect.check.Check;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import java.util.Optional;

/**
 * Where a call went.
 *
 * @param complexity the class of the prompt
 * @param position place of the candidate on the route; 0 is the first choice, a larger one replaced those that failed or were
 *     passed over
 * @param requested the model that was called
 * @param answered the model that answered, as the provider named it; equal to the requested one when none did
 * @param serviceTier the tier that served it, as {@link Price#tierOf} names it; {@code standard} when the provider named none
 * @param region where it was served, as the provider reports it; empty when it does not
 * @param providerRequestId the provider's id of the request, by which its invoice names the call; empty when it gave none
 */
public record CallRoute(
        Complexity complexity,
        int position,
        ModelId requested,
        ModelId answered,
        String serviceTier,
        String region,
        Optional<String> providerRequestId) {

    /** Checks every field, and writes the tier as prices do. */
    public CallRoute {
        Check.notNull("complexity", complexity);
        Check.notNegative("position", position);
        Check.notNull("requested", requested);
        Check.notNull("answered", answered);
        serviceTier = Price.tierOf(serviceTier);
        Check.notNull("region", region);
        Check.notNull("providerRequestId", providerRequestId);
    }

    /** Creates the route of a call of which the provider reported neither tier nor region nor an id. */
    public CallRoute(Complexity complexity, int position, ModelId requested, ModelId answered) {
        this(complexity, position, requested, answered, Price.STANDARD, "", Optional.empty());
    }
}

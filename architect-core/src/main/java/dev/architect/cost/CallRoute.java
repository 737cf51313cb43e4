package dev.architect.cost;

import dev.architect.check.Check;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;

/**
 * Where a call went.
 *
 * @param complexity the class of the prompt
 * @param position place of the candidate on the route; 0 is the first choice, a larger one replaced those that failed or were
 *     passed over
 * @param requested the model that was called
 * @param answered the model that answered, as the provider named it; equal to the requested one when none did
 */
public record CallRoute(Complexity complexity, int position, ModelId requested, ModelId answered) {

    /** Checks every field. */
    public CallRoute {
        Check.notNull("complexity", complexity);
        Check.notNegative("position", position);
        Check.notNull("requested", requested);
        Check.notNull("answered", answered);
    }
}

package dev.architect.route;

import dev.architect.check.Check;
import dev.architect.model.ModelId;
import java.util.Optional;

/**
 * What one node knows about the health of one model, for the others: a hint that may be late or absent. Each node weighs the state with
 * its own calls, and obeys the order. Holds no text of prompts and no secrets.
 *
 * @param node the node, a name that no other running node has
 * @param model the model
 * @param version grows with each change of the state on that node, also over its restarts; a hint with a version that was seen says nothing new
 * @param state the circuit breaker of the model on that node
 * @param order the last trip or reset by an operator that the node knows of; empty when there was none
 */
public record HealthHint(String node, ModelId model, long version, BreakerState state, Optional<BreakerOrder> order) {

    /** Checks every field. */
    public HealthHint {
        Check.notBlank("node", node);
        Check.notNull("model", model);
        Check.notNegative("version", version);
        Check.notNull("state", state);
        Check.notNull("order", order);
    }
}

package dev.architect.route;

import dev.architect.check.Check;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How the circuit breaker of one model stands, and how it came to that.
 *
 * @param model the provider's own id of the model
 * @param state whether calls are let through
 * @param suspect whether the model gets only a part of its calls where others are free, because another node or a probe found it
 *     out of order
 * @param since since when it is in this state, in wall time
 * @param nextTrial when the next trial call may go out, in wall time; empty unless it is open
 * @param trip what an operator ordered and still holds; empty when nothing
 * @param history its last changes, at most 32, oldest first; empty when it never changed
 */
public record ModelHealth(
        String model,
        BreakerState state,
        boolean suspect,
        Instant since,
        Optional<Instant> nextTrial,
        Optional<BreakerTrip> trip,
        List<BreakerTransition> history) {

    /** Copies the history and checks every field. */
    public ModelHealth {
        Check.notBlank("model", model);
        Check.notNull("state", state);
        Check.notNull("since", since);
        Check.notNull("nextTrial", nextTrial);
        Check.notNull("trip", trip);
        history = List.copyOf(Check.noNulls("history", history));
    }

    /** Why it is in this state; empty when it never changed. */
    public Optional<BreakerCause> cause() {
        return history.isEmpty()
                ? Optional.empty()
                : Optional.of(history.get(history.size() - 1).cause());
    }
}

package dev.architect.route;

import dev.architect.check.Check;
import java.time.Instant;

/**
 * One change of a circuit breaker.
 *
 * @param at when, in wall time
 * @param from its state before
 * @param to its state from then on; the same as {@code from} when an operator confirmed it
 * @param cause why
 * @param note what the operator gave as the reason, empty for every other cause
 */
public record BreakerTransition(Instant at, BreakerState from, BreakerState to, BreakerCause cause, String note) {

    /** Checks every field. */
    public BreakerTransition {
        Check.notNull("at", at);
        Check.notNull("from", from);
        Check.notNull("to", to);
        Check.notNull("cause", cause);
        Check.notNull("note", note);
    }
}

package dev.architect.route;

import dev.architect.check.Check;
import java.time.Instant;

/**
 * What an operator orders: no call to a model or a provider, whatever calls and probes show, until a time or until a reset. After that
 * time the next request is its trial call.
 *
 * @param reason why, for those who look at the status; not blank, at most 200 characters, without secrets
 * @param until until when, in wall time; {@link Instant#MAX} for until it is reset
 */
public record BreakerTrip(String reason, Instant until) {

    /** The longest reason, in characters. */
    public static final int MAX_REASON = 200;

    /** Checks every field. */
    public BreakerTrip {
        checkReason(reason);
        Check.notNull("until", until);
    }

    /**
     * Returns {@code reason}, also that of a reset.
     *
     * @throws IllegalArgumentException when it is blank or longer than {@link #MAX_REASON}
     */
    public static String checkReason(String reason) {
        return Check.atMost("reason", Check.notBlank("reason", reason), MAX_REASON);
    }

    /** Returns a trip that lasts until it is reset. */
    public static BreakerTrip untilReset(String reason) {
        return new BreakerTrip(reason, Instant.MAX);
    }
}

package dev.architect.simulator.script;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A share of model calls that a simulated provider answers with an error.
 *
 * @param status the HTTP status, 400 to 599; the body is the provider's own for that status
 * @param share the share of calls, from 0 to 1
 * @param retryAfter the delay that the error states, in the provider's own format; null for none
 * @param midStream whether a streamed answer fails only half-way, after HTTP 200 and some text, with the provider's own
 *     event for it; a whole answer fails with the status
 */
public record ErrorRate(int status, double share, @Nullable Duration retryAfter, boolean midStream) {

    /** Checks the values. */
    public ErrorRate {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status is " + status + ", expected 400 to 599");
        }
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("share is " + share + ", expected 0 to 1");
        }
        if (retryAfter != null && retryAfter.isNegative()) {
            throw new IllegalArgumentException("retryAfter is " + retryAfter + ", expected PT0S or more");
        }
    }

    /** An error without a stated delay. */
    public static ErrorRate of(int status, double share) {
        return new ErrorRate(status, share, null, false);
    }

    /** Rate limiting with a stated delay. */
    public static ErrorRate rateLimited(double share, Duration retryAfter) {
        return new ErrorRate(429, share, retryAfter, false);
    }

    /** An error that reaches streams half-way. */
    public static ErrorRate midStream(int status, double share) {
        return new ErrorRate(status, share, null, true);
    }
}

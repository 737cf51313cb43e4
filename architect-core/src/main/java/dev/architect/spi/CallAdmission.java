package dev.architect.spi;

import dev.architect.check.Check;
import java.time.Duration;
import java.util.Optional;

/**
 * How a request waits for its first call. The time limit of a request starts with its first call, so that a queue before busy
 * providers takes nothing from the time for an answer.
 *
 * @param timeout the longest wait for a free permit before the first call; empty for the time limit of the request
 * @param onAdmitted run on the thread of the request when its first call is about to be made, at most once
 */
public record CallAdmission(Optional<Duration> timeout, Runnable onAdmitted) {

    /** Waits as long as the request may take. */
    public static final CallAdmission DEFAULT = new CallAdmission(Optional.empty(), () -> {});

    /** Checks both fields. */
    public CallAdmission {
        Check.notNull("timeout", timeout);
        timeout.ifPresent(wait -> Check.notNegative("timeout", wait));
        Check.notNull("onAdmitted", onAdmitted);
    }
}

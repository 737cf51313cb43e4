package dev.architect.cost;

import dev.architect.check.Check;
import java.time.Duration;
import java.time.Instant;

/**
 * When a call was made.
 *
 * @param startedAt when it started; prices are those of this instant
 * @param duration how long it took, zero or more
 */
public record CallTiming(Instant startedAt, Duration duration) {

    /** Checks both. */
    public CallTiming {
        Check.notNull("startedAt", startedAt);
        Check.notNegative("duration", duration);
    }
}

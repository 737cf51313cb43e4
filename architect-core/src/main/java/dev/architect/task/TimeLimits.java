package dev.architect.task;

import dev.architect.check.Check;
import java.time.Duration;
import java.util.Optional;

/**
 * Limits of time beside the timeout of an attempt. Each is more than zero and at most 366 days; empty means none.
 *
 * @param soft after which an attempt is asked to end, without being interrupted; shorter than the timeout to have an effect
 * @param total after which the task is given up, counted from when it was accepted, over all its tries
 * @param noHeartbeat how long an attempt may go without a sign of life; one that is silent for longer is timed out
 */
public record TimeLimits(Optional<Duration> soft, Optional<Duration> total, Optional<Duration> noHeartbeat) {

    private static final Duration LONGEST = Duration.ofDays(366);

    /** No limits. */
    public static final TimeLimits NONE = new TimeLimits(Optional.empty(), Optional.empty(), Optional.empty());

    /** Checks every limit. */
    public TimeLimits {
        check("softTimeout", soft);
        check("totalTimeout", total);
        check("heartbeatTimeout", noHeartbeat);
    }

    private static void check(String field, Optional<Duration> limit) {
        Check.notNull(field, limit)
                .ifPresent(duration -> TaskOptions.checkLongest(field, Check.positive(field, duration), LONGEST));
    }

    /** Returns a copy with another soft limit. */
    public TimeLimits withSoft(Duration changed) {
        return new TimeLimits(Optional.of(Check.notNull("softTimeout", changed)), total, noHeartbeat);
    }

    /** Returns a copy with another limit for all tries. */
    public TimeLimits withTotal(Duration changed) {
        return new TimeLimits(soft, Optional.of(Check.notNull("totalTimeout", changed)), noHeartbeat);
    }

    /** Returns a copy with another limit without a sign of life. */
    public TimeLimits withNoHeartbeat(Duration changed) {
        return new TimeLimits(soft, total, Optional.of(Check.notNull("heartbeatTimeout", changed)));
    }
}

package dev.architect.attempt;

import dev.architect.check.Check;
import java.time.Duration;
import java.util.Optional;

/**
 * What earlier claims of a task came to.
 *
 * @param crashes how many nodes died while they ran it
 * @param snoozes how many claims gave their try back, hand-backs included
 * @param snoozedFor the time since the first of the snoozes that followed one another up to now; empty when the last attempt
 *     was no snooze
 * @param timeLeft what is left of its limit over all tries, zero or more; empty without one
 */
public record ClaimHistory(int crashes, int snoozes, Optional<Duration> snoozedFor, Optional<Duration> timeLeft) {

    /** The first claim of a task. */
    public static final ClaimHistory NONE = new ClaimHistory(0, 0, Optional.empty(), Optional.empty());

    /** Checks every field. */
    public ClaimHistory {
        Check.range("crashes", crashes, 0, Integer.MAX_VALUE);
        Check.range("snoozes", snoozes, 0, Integer.MAX_VALUE);
        Check.notNull("snoozedFor", snoozedFor);
        Check.notNull("timeLeft", timeLeft).ifPresent(left -> Check.notNegative("timeLeft", left));
    }
}

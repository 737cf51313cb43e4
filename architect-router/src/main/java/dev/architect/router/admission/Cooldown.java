package dev.architect.router.admission;

import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.spi.TimeSource;
import java.time.Duration;

/**
 * The pause after a rate limit: no calls to the model for the time that its provider requires, or, when it names none, for
 * half a second that doubles with each further rate limit, up to eight seconds. After a used-up quota the pause is a minute
 * unless the provider names its time. Safe for use by several threads.
 */
public final class Cooldown {

    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST_GUESS = Duration.ofSeconds(8);
    // Rate limits of vendors are per minute, so a longer pause would exclude the model without need.
    private static final Duration LONGEST_ASKED = Duration.ofSeconds(60);
    private static final Duration QUOTA_GUESS = Duration.ofSeconds(60);
    private static final Duration LONGEST_QUOTA = Duration.ofHours(1);

    private final TimeSource time;
    private final Object lock = new Object();
    // Beside the end, because the monotonic clock may have any value and no value of it can mean "none".
    private boolean active;
    private long until;
    private Duration nextBackoff = FIRST;

    public Cooldown(TimeSource time) {
        this.time = time;
    }

    /** How long the pause still lasts; zero when there is none. */
    public Duration timeLeft() {
        synchronized (lock) {
            long timeLeft = active ? until - time.nanoTime() : 0;
            active = timeLeft > 0;
            return Duration.ofNanos(Math.max(0, timeLeft));
        }
    }

    /** A call was answered: the next pause without a stated time is short again. */
    public void recordSuccess() {
        synchronized (lock) {
            nextBackoff = FIRST;
        }
    }

    /** A call failed; only a rate limit and a used-up quota start a pause. */
    public void recordFailure(ProviderException failure) {
        if (failure.kind() == FailureKind.RATE_LIMITED) {
            synchronized (lock) {
                // The backoff doubles also when the provider states its time: it is the better guess if the next limit
                // comes without one.
                start(failure.retryAfter().orElse(nextBackoff), LONGEST_ASKED);
                nextBackoff = shorter(nextBackoff.multipliedBy(2), LONGEST_GUESS);
            }
        } else if (failure.kind() == FailureKind.QUOTA_EXHAUSTED) {
            synchronized (lock) {
                start(failure.retryAfter().orElse(QUOTA_GUESS), LONGEST_QUOTA);
            }
        }
    }

    /** Never shortens a pause: calls that were on their way may fail late, with a shorter time. */
    private void start(Duration requested, Duration longest) {
        long end = time.nanoTime() + shorter(requested, longest).toNanos();
        // Compared by difference, since values of the monotonic clock may overflow.
        until = active && until - end > 0 ? until : end;
        active = true;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}

package dev.architect.router.admission;

import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.spi.TimeSource;
import java.time.Duration;

/**
 * Spares a model that said it had too many calls: until the time it asked for, or for half a second that doubles with each
 * further refusal when it asked for none. A used-up quota rests for a minute unless the provider names its time. Safe for use
 * by several threads.
 */
public final class Cooldown {

    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST_GUESS = Duration.ofSeconds(8);
    private static final Duration LONGEST_ASKED = Duration.ofSeconds(60);
    private static final Duration QUOTA_GUESS = Duration.ofSeconds(60);
    private static final Duration LONGEST_QUOTA = Duration.ofHours(1);

    private final TimeSource time;
    private final Object lock = new Object();
    private boolean active;
    private long until;
    private Duration nextBackoff = FIRST;

    public Cooldown(TimeSource time) {
        this.time = time;
    }

    /** How long it still rests; zero when it does not. */
    public Duration timeLeft() {
        synchronized (lock) {
            long timeLeft = active ? until - time.nanoTime() : 0;
            active = timeLeft > 0;
            return Duration.ofNanos(Math.max(0, timeLeft));
        }
    }

    /** An answer came: there is room again, and the next guess is short. */
    public void recordSuccess() {
        synchronized (lock) {
            nextBackoff = FIRST;
        }
    }

    /** A call failed; what is not about too many calls changes nothing. */
    public void recordFailure(ProviderException failure) {
        if (failure.kind() == FailureKind.RATE_LIMITED) {
            synchronized (lock) {
                start(failure.retryAfter().orElse(nextBackoff), LONGEST_ASKED);
                nextBackoff = shorter(nextBackoff.multipliedBy(2), LONGEST_GUESS);
            }
        } else if (failure.kind() == FailureKind.QUOTA_EXHAUSTED) {
            synchronized (lock) {
                start(failure.retryAfter().orElse(QUOTA_GUESS), LONGEST_QUOTA);
            }
        }
    }

    /** Never shortens a rest that is longer. */
    private void start(Duration asked, Duration longest) {
        long end = time.nanoTime() + shorter(asked, longest).toNanos();
        until = active && until - end > 0 ? until : end;
        active = true;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}

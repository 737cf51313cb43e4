package dev.architect.router.execution;

import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.route.BreakerState;
import dev.architect.router.admission.Deployment;
import dev.architect.router.admission.RetryBudget;
import dev.architect.router.policy.RetrySettings;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.Optional;

/**
 * Decides whether a call that failed is repeated on the same model, and after how long: a rate limit and a lack of capacity up to
 * the number of the policy, a server error or a lost connection once. Never repeated are a silent or slow provider, a stream that broke off, and
 * what the provider says not to repeat; what it says may be repeated is, up to that number. Safe for use by several threads.
 */
final class Retries {

    /** So many failures in a row are no accident: the next model is the better choice. */
    private static final int OUTAGE = 3;

    private static final int ONCE = 1;

    /** A connection that is lost after so long a silence is a silent provider. */
    private static final Duration SILENCE = Duration.ofSeconds(3);

    /** At most a quarter of a second later than the provider states, so that its clients do not come all at once. */
    private static final long MOST_JITTER_NANOS = Duration.ofMillis(250).toNanos();

    private final RetrySettings settings;
    private final RetryBudget budget;
    private final TimeSource time;

    Retries(RetrySettings settings, TimeSource time) {
        this.settings = settings;
        this.budget = new RetryBudget(settings.budgetPercent());
        this.time = time;
    }

    RetrySettings settings() {
        return settings;
    }

    /** A request begins, which adds to what may be repeated. */
    void requestBegins() {
        budget.deposit();
    }

    /**
     * Returns the wait before the call is repeated on the same model; empty when it is not.
     *
     * @param received characters of an answer that had come before it failed
     * @param duration how long the call took
     * @param repeated how often this request has repeated calls to the model before
     * @param hasOther whether another candidate could be called now
     * @param timeLeft until the deadline
     */
    Optional<Duration> delay(
            Deployment deployment,
            ProviderException failure,
            long received,
            Duration duration,
            int repeated,
            boolean hasOther,
            Duration timeLeft) {
        boolean wasSilent = failure.status().isEmpty() && duration.compareTo(SILENCE) > 0;
        if (wasSilent
                || repeated >= mostFor(failure, received)
                || deployment.breaker().state() != BreakerState.CLOSED) {
            return Optional.empty();
        }
        if (hasOther && deployment.breaker().consecutiveFailures() > Math.max(OUTAGE, repeated + 1)) {
            return Optional.empty();
        }
        Duration delay = failure.retryAfter().map(this::withJitter).orElseGet(() -> guess(failure, repeated));
        Duration most = hasOther && failure.retryAfter().isPresent() ? settings.patience() : settings.longestWait();
        if (failure.retryAfter().orElse(Duration.ZERO).compareTo(most) > 0 || delay.compareTo(timeLeft) >= 0) {
            return Optional.empty();
        }
        return budget.tryWithdraw() ? Optional.of(delay) : Optional.empty();
    }

    private int mostFor(ProviderException failure, long received) {
        // A part of an answer is there: the next model gives the rest.
        if (!failure.isTransient() || received > 0) {
            return 0;
        }
        return switch (failure.kind()) {
            case RATE_LIMITED, OVERLOADED -> settings.attempts();
            case UNAVAILABLE -> Math.min(ONCE, settings.attempts());
            case TIMEOUT, PROTOCOL, CANCELLED -> 0;
            // Not transient by themselves: the provider says so of this one.
            case QUOTA_EXHAUSTED,
                    AUTHENTICATION,
                    MODEL_NOT_FOUND,
                    CONTEXT_TOO_LONG,
                    TOO_LARGE_FOR_LIMIT,
                    CONTENT_REFUSED,
                    INVALID_REQUEST,
                    UNSUPPORTED -> settings.attempts();
        };
    }

    private Duration withJitter(Duration stated) {
        return stated.plusNanos(time.random(MOST_JITTER_NANOS + 1));
    }

    /**
     * Any time up to the delay that doubles: clients that failed together come back apart. A connection that is lost tells nothing of
     * load, so that it is half as long.
     */
    private Duration guess(ProviderException failure, int repeated) {
        Duration most = settings.firstDelay().multipliedBy(1L << repeated);
        long nanos = (most.compareTo(settings.longestDelay()) < 0 ? most : settings.longestDelay()).toNanos();
        boolean isLost =
                failure.kind() == FailureKind.UNAVAILABLE && failure.status().isEmpty();
        return Duration.ofNanos(1 + time.random(isLost ? Math.max(1, nanos / 2) : nanos));
    }
}

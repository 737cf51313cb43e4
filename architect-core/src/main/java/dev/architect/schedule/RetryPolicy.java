package dev.architect.schedule;

import dev.architect.error.ArchitectException;
import dev.architect.spi.TimeSource;
import dev.architect.task.AttemptOutcome;
import dev.architect.task.TaskState;
import java.time.Duration;

/**
 * Decides what becomes of a task after a failed attempt.
 *
 * <p>The wait before try n+1 is "full jitter": uniform between zero and {@code min(5 min, 1 s × 2^(n-1))} (Marc Brooker,
 * "Exponential Backoff And Jitter", AWS Architecture Blog 2015), but never shorter than the provider requires.
 */
final class RetryPolicy {

    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
    private static final Duration MAX_BACKOFF = Duration.ofMinutes(5);

    private final TimeSource time;

    RetryPolicy(TimeSource time) {
        this.time = time;
    }

    /** The next state of the task, after how long, and the error to record. */
    record RetryDecision(AttemptOutcome outcome, TaskState next, Duration retryAfter, String error) {}

    RetryDecision afterFailure(Throwable failure, int attempt, int maxAttempts) {
        String error = SafeTrace.describe(failure);
        if (!isRetryable(failure) || attempt >= maxAttempts) {
            return new RetryDecision(AttemptOutcome.FAILED, TaskState.DEAD, Duration.ZERO, error);
        }
        Duration requested =
                failure instanceof ArchitectException known ? known.retryAfter().orElse(Duration.ZERO) : Duration.ZERO;
        Duration jittered = jitter(attempt);
        Duration wait = requested.compareTo(jittered) > 0 ? requested : jittered;
        return new RetryDecision(AttemptOutcome.FAILED, TaskState.SCHEDULED, wait, error);
    }

    RetryDecision afterTimeout(Duration timeout, int attempt, int maxAttempts) {
        String error = "the attempt took longer than its timeout of " + timeout.toMillis() + " ms";
        return attempt >= maxAttempts
                ? new RetryDecision(AttemptOutcome.TIMED_OUT, TaskState.DEAD, Duration.ZERO, error)
                : new RetryDecision(AttemptOutcome.TIMED_OUT, TaskState.SCHEDULED, jitter(attempt), error);
    }

    private Duration jitter(int attempt) {
        // The shift is bounded because Java takes it modulo 64; 2^20 seconds are far beyond the longest wait.
        long longest = Math.min(MAX_BACKOFF.toMillis(), FIRST_BACKOFF.toMillis() << Math.min(attempt - 1, 20));
        return Duration.ofMillis(time.random(longest + 1));
    }

    private static boolean isRetryable(Throwable failure) {
        if (failure instanceof ArchitectException known) {
            return known.isTransient();
        }
        // The same request would be just as wrong the next time.
        return !(failure instanceof IllegalArgumentException);
    }
}

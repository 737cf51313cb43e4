package dev.architect.schedule;

import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.ClaimedTask;
import dev.architect.error.ArchitectException;
import dev.architect.spi.TimeSource;
import dev.architect.task.NeedsInputException;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Decides what becomes of a task after a failed attempt.
 *
 * <p>The wait before try n+1 is "full jitter": uniform between zero and {@code min(5 min, 1 s × 2^(n-1))} (Marc Brooker,
 * "Exponential Backoff And Jitter", AWS Architecture Blog 2015), but never shorter than the provider requires.
 *
 * <p>An attempt that failed because what it needs is unavailable is snoozed: it gets its try back, and the task is dead only
 * when the outage has lasted longer than the outage limit.
 */
final class RetryPolicy {

    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
    private static final Duration MAX_BACKOFF = Duration.ofMinutes(5);

    private final TimeSource time;
    private final Supplier<Duration> outageLimit;

    RetryPolicy(TimeSource time, Supplier<Duration> outageLimit) {
        this.time = time;
        this.outageLimit = outageLimit;
    }

    /** The next state of the task, after how long, and the error to record. */
    record RetryDecision(AttemptOutcome outcome, TaskState next, Duration retryAfter, String error) {}

    RetryDecision afterFailure(Throwable failure, ClaimedTask claimed) {
        if (failure instanceof NeedsInputException needed) {
            return new RetryDecision(AttemptOutcome.NEEDS_INPUT, TaskState.HELD, Duration.ZERO, needed.question());
        }
        String error = SafeTrace.describe(failure);
        if (failure instanceof ArchitectException known && known.isUnavailable()) {
            return afterOutage(known, claimed, error);
        }
        if (!isRetryable(failure) || claimed.attempt() >= claimed.request().maxAttempts()) {
            return new RetryDecision(AttemptOutcome.FAILED, TaskState.DEAD, Duration.ZERO, error);
        }
        Duration requested =
                failure instanceof ArchitectException known ? known.retryAfter().orElse(Duration.ZERO) : Duration.ZERO;
        Duration jittered = jitter(claimed.attempt());
        return new RetryDecision(AttemptOutcome.FAILED, TaskState.SCHEDULED, longer(requested, jittered), error);
    }

    private RetryDecision afterOutage(ArchitectException failure, ClaimedTask claimed, String error) {
        Duration lasted = claimed.history().snoozedFor().orElse(Duration.ZERO);
        Duration limit = outageLimit.get();
        if (lasted.compareTo(limit) >= 0) {
            String text = error + "; unavailable for " + lasted.toSeconds() + " s, expected less than "
                    + limit.toSeconds() + " s";
            return new RetryDecision(AttemptOutcome.FAILED, TaskState.DEAD, Duration.ZERO, text);
        }
        Duration wait = failure.retryAfter()
                // Spread over half as long again: everything that waits for one provider must not come back at once.
                .map(stated -> stated.plusMillis(time.random(stated.toMillis() / 2 + FIRST_BACKOFF.toMillis())))
                .orElseGet(() -> jitter(claimed.history().snoozes() + 1));
        return new RetryDecision(AttemptOutcome.SNOOZED, TaskState.SCHEDULED, wait, error);
    }

    RetryDecision afterTimeout(ClaimedTask claimed) {
        return afterTimeout(
                claimed,
                "the attempt took longer than its timeout of "
                        + claimed.request().timeout().toMillis() + " ms");
    }

    /** As {@link #afterTimeout(ClaimedTask)}, of an attempt that gave no sign of life. */
    RetryDecision afterSilence(ClaimedTask claimed) {
        return afterTimeout(
                claimed,
                "the attempt gave no sign of life for longer than "
                        + claimed.request()
                                .options()
                                .timeLimits()
                                .noHeartbeat()
                                .orElse(Duration.ZERO)
                                .toMillis()
                        + " ms");
    }

    private RetryDecision afterTimeout(ClaimedTask claimed, String error) {
        return claimed.attempt() >= claimed.request().maxAttempts()
                ? new RetryDecision(AttemptOutcome.TIMED_OUT, TaskState.DEAD, Duration.ZERO, error)
                : new RetryDecision(AttemptOutcome.TIMED_OUT, TaskState.SCHEDULED, jitter(claimed.attempt()), error);
    }

    private Duration jitter(int attempt) {
        // The shift is bounded because Java takes it modulo 64; 2^20 seconds are far beyond the longest wait.
        long longest = Math.min(MAX_BACKOFF.toMillis(), FIRST_BACKOFF.toMillis() << Math.min(attempt - 1, 20));
        return Duration.ofMillis(time.random(longest + 1));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static boolean isRetryable(Throwable failure) {
        if (failure instanceof ArchitectException known) {
            return known.isTransient();
        }
        // The same request would be just as wrong the next time.
        return !(failure instanceof IllegalArgumentException);
    }
}

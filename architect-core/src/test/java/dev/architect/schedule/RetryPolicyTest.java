package dev.architect.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.ClaimHistory;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.error.ArchitectException;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.schedule.RetryPolicy.RetryDecision;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RetryPolicyTest {

    private static final ArchitectException BROKEN = ProviderException.builder(
                    new ModelId("p", "m"), FailureKind.PROTOCOL)
            .build();
    private static final ArchitectException OVERLOADED = ProviderException.builder(
                    new ModelId("p", "m"), FailureKind.OVERLOADED)
            .build();

    private final RetryPolicy policy = new RetryPolicy(new HighestRandom(), () -> Duration.ofHours(6));

    @Test
    void doublesTheLongestWaitUpToFiveMinutes() {
        assertThat(policy.afterFailure(BROKEN, claimed(1, 20)).retryAfter()).isEqualTo(Duration.ofSeconds(1));
        assertThat(policy.afterFailure(BROKEN, claimed(2, 20)).retryAfter()).isEqualTo(Duration.ofSeconds(2));
        assertThat(policy.afterFailure(BROKEN, claimed(3, 20)).retryAfter()).isEqualTo(Duration.ofSeconds(4));
        assertThat(policy.afterFailure(BROKEN, claimed(19, 20)).retryAfter()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void isDeadAfterTheLastAttempt() {
        assertThat(policy.afterFailure(BROKEN, claimed(4, 4)).next()).isEqualTo(TaskState.DEAD);
        assertThat(policy.afterTimeout(claimed(4, 4)).next()).isEqualTo(TaskState.DEAD);
        assertThat(policy.afterTimeout(claimed(3, 4)).outcome()).isEqualTo(AttemptOutcome.TIMED_OUT);
    }

    @Test
    void retriesTransientFailuresAndNothingElse() {
        assertThat(next(BROKEN)).isEqualTo(TaskState.SCHEDULED);
        assertThat(next(new NullPointerException())).isEqualTo(TaskState.SCHEDULED);
        assertThat(next(new StackOverflowError())).isEqualTo(TaskState.SCHEDULED);
        assertThat(next(new IllegalArgumentException("colour is 'red'"))).isEqualTo(TaskState.DEAD);
        assertThat(next(new ArchitectException("never"))).isEqualTo(TaskState.DEAD);
    }

    @Test
    void keepsMessagesOfOwnExceptionsAndDropsThoseOfOthers() {
        assertThat(policy.afterFailure(new IllegalStateException("prompt text"), claimed(1, 4))
                        .error())
                .isEqualTo("java.lang.IllegalStateException");
        assertThat(policy.afterFailure(BROKEN, claimed(1, 4)).error())
                .isEqualTo("ProviderException: p/m failed: PROTOCOL");
    }

    @Test
    void neverRetriesBeforeTheRetryAfterOfTheProvider() {
        ArchitectException broken = ProviderException.builder(new ModelId("p", "m"), FailureKind.PROTOCOL)
                .retryAfter(Duration.ofSeconds(90))
                .build();

        RetryDecision decision = policy.afterFailure(broken, claimed(1, 4));

        assertThat(decision.retryAfter()).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void snoozesWhatIsUnavailableWithoutCountingATry() {
        RetryDecision decision = policy.afterFailure(OVERLOADED, claimed(4, 4));

        assertThat(decision.outcome()).isEqualTo(AttemptOutcome.SNOOZED);
        assertThat(decision.next()).isEqualTo(TaskState.SCHEDULED);
        assertThat(decision.retryAfter()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void spreadsTheReturnAfterAStatedWait() {
        ArchitectException limited = ProviderException.builder(new ModelId("p", "m"), FailureKind.RATE_LIMITED)
                .retryAfter(Duration.ofSeconds(90))
                .build();

        assertThat(policy.afterFailure(limited, claimed(1, 4)).retryAfter())
                .isBetween(Duration.ofSeconds(90), Duration.ofSeconds(136));
    }

    @Test
    void waitsLongerWithEachSnooze() {
        assertThat(policy.afterFailure(OVERLOADED, snoozed(3, Duration.ofMinutes(1)))
                        .retryAfter())
                .isEqualTo(Duration.ofSeconds(8));
        assertThat(policy.afterFailure(OVERLOADED, snoozed(500, Duration.ofHours(5)))
                        .retryAfter())
                .isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void isDeadWhenTheOutageLastsLongerThanItsLimit() {
        RetryDecision decision = policy.afterFailure(OVERLOADED, snoozed(90, Duration.ofHours(6)));

        assertThat(decision.next()).isEqualTo(TaskState.DEAD);
        assertThat(decision.error()).contains("unavailable for 21600 s, expected less than 21600 s");
    }

    private TaskState next(Throwable failure) {
        return policy.afterFailure(failure, claimed(1, 4)).next();
    }

    private static ClaimedTask claimed(int attempt, int maxAttempts) {
        return claimed(attempt, maxAttempts, ClaimHistory.NONE);
    }

    private static ClaimedTask snoozed(int times, Duration since) {
        return claimed(1, 4, new ClaimHistory(0, times, Optional.of(since), Optional.empty()));
    }

    private static ClaimedTask claimed(int attempt, int maxAttempts, ClaimHistory history) {
        return new ClaimedTask(
                new FencingToken(TaskId.of(1, 0, 0), 1, 1),
                TaskRequest.of("work", "p").withMaxAttempts(maxAttempts),
                attempt,
                false,
                Optional.empty(),
                Duration.ZERO,
                history);
    }

    /** A source of random numbers that always returns the highest one. */
    private static final class HighestRandom implements TimeSource {
        @Override
        public Instant wallTime() {
            return Instant.EPOCH;
        }

        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public void sleep(Duration duration) {}

        @Override
        public WakeUp newWakeUp() {
            throw new IllegalStateException("a wake-up was created, expected none");
        }

        @Override
        public long random(long bound) {
            return bound - 1;
        }
    }
}

package dev.architect.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.error.ArchitectException;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.schedule.RetryPolicy.RetryDecision;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.task.AttemptOutcome;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class RetryPolicyTest {

    private static final ArchitectException OVERLOADED = ProviderException.builder(
                    new ModelId("p", "m"), FailureKind.OVERLOADED)
            .build();

    private final RetryPolicy policy = new RetryPolicy(new HighestRandom());

    @Test
    void doublesTheLongestWaitUpToFiveMinutes() {
        assertThat(policy.afterFailure(OVERLOADED, 1, 20).retryAfter()).isEqualTo(Duration.ofSeconds(1));
        assertThat(policy.afterFailure(OVERLOADED, 2, 20).retryAfter()).isEqualTo(Duration.ofSeconds(2));
        assertThat(policy.afterFailure(OVERLOADED, 3, 20).retryAfter()).isEqualTo(Duration.ofSeconds(4));
        assertThat(policy.afterFailure(OVERLOADED, 19, 20).retryAfter()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void isDeadAfterTheLastAttempt() {
        assertThat(policy.afterFailure(OVERLOADED, 4, 4).next()).isEqualTo(TaskState.DEAD);
        assertThat(policy.afterTimeout(Duration.ofSeconds(1), 4, 4).next()).isEqualTo(TaskState.DEAD);
        assertThat(policy.afterTimeout(Duration.ofSeconds(1), 3, 4).outcome()).isEqualTo(AttemptOutcome.TIMED_OUT);
    }

    @Test
    void retriesTransientFailuresAndNothingElse() {
        assertThat(next(OVERLOADED)).isEqualTo(TaskState.SCHEDULED);
        assertThat(next(new NullPointerException())).isEqualTo(TaskState.SCHEDULED);
        assertThat(next(new StackOverflowError())).isEqualTo(TaskState.SCHEDULED);
        assertThat(next(new IllegalArgumentException("colour is 'red'"))).isEqualTo(TaskState.DEAD);
        assertThat(next(new ArchitectException("never"))).isEqualTo(TaskState.DEAD);
    }

    @Test
    void keepsMessagesOfOwnExceptionsAndDropsThoseOfOthers() {
        assertThat(policy.afterFailure(new IllegalStateException("prompt text"), 1, 4)
                        .error())
                .isEqualTo("java.lang.IllegalStateException");
        assertThat(policy.afterFailure(OVERLOADED, 1, 4).error())
                .isEqualTo("ProviderException: p/m failed: OVERLOADED");
    }

    @Test
    void neverRetriesBeforeTheRetryAfterOfTheProvider() {
        ArchitectException rateLimited = ProviderException.builder(new ModelId("p", "m"), FailureKind.RATE_LIMITED)
                .retryAfter(Duration.ofSeconds(90))
                .build();

        RetryDecision decision = policy.afterFailure(rateLimited, 1, 4);

        assertThat(decision.retryAfter()).isEqualTo(Duration.ofSeconds(90));
    }

    private TaskState next(Throwable failure) {
        return policy.afterFailure(failure, 1, 4).next();
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

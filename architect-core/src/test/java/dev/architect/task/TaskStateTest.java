package dev.architect.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.AttemptResult;
import dev.architect.attempt.FencingToken;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class TaskStateTest {

    @ParameterizedTest
    @EnumSource
    void readsBackTheNumberThatStoresKeep(TaskState state) {
        assertThat(TaskState.of(state.number())).isEqualTo(state);
    }

    @Test
    void keepsTheNumbersOfExistingDatabases() {
        assertThat(TaskState.values()).extracting(TaskState::number).containsExactly(0, 1, 2, 3, 4, 5, 10, 11, 12, 13);
        assertThatThrownBy(() -> TaskState.of(6)).hasMessageContaining("task state is 6");
    }

    @Test
    void isTerminalWhenItHasEnded() {
        assertThat(TaskState.values())
                .filteredOn(TaskState::isTerminal)
                .containsExactly(TaskState.DONE, TaskState.DEAD, TaskState.CANCELLED, TaskState.EXPIRED);
    }

    @Test
    void anAttemptEndsInAnyStateButRunning() {
        assertThatThrownBy(() -> end(TaskState.RUNNING, null, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("next is RUNNING, expected a state that ends the attempt");
        assertThat(end(TaskState.SCHEDULED, null, Duration.ofSeconds(1)).next()).isEqualTo(TaskState.SCHEDULED);
        assertThat(end(TaskState.READY, null, Duration.ZERO).result().output()).isEmpty();
    }

    @Test
    void anAttemptHasAnOutputExactlyWhenItsTaskIsDone() {
        assertThat(end(TaskState.DONE, "42", Duration.ZERO).result().output()).contains("42");
        assertThatThrownBy(() -> end(TaskState.DONE, null, Duration.ZERO))
                .hasMessage("next is DONE without an output, expected an output exactly when DONE");
        assertThatThrownBy(() -> end(TaskState.DEAD, "42", Duration.ZERO))
                .hasMessage("next is DEAD with an output, expected an output exactly when DONE");
    }

    @Test
    void anAttemptIsNotRetriedInThePast() {
        assertThatThrownBy(() -> end(TaskState.SCHEDULED, null, Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("retryAfter");
    }

    private static AttemptEnd end(TaskState next, @Nullable String output, Duration retryAfter) {
        return new AttemptEnd(
                new FencingToken(new TaskId(1), 1, 1),
                "session-1",
                Instant.EPOCH,
                Instant.EPOCH,
                output == null ? AttemptOutcome.FAILED : AttemptOutcome.SUCCEEDED,
                next,
                retryAfter,
                output == null ? AttemptResult.NONE : AttemptResult.output(output));
    }
}

package dev.architect.server.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.model.StopReason;
import dev.architect.task.TaskId;
import dev.architect.task.TaskResult;
import dev.architect.task.TaskState;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Errors that differ in numbers, ids and names alone have one cause. */
final class FailureCauseTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "IllegalStateException: file 'a.txt' is 12 bytes | file '…' is n bytes",
                "java.io.IOException: connection 10.0.0.7:8080 refused | connection n refused",
                "invoice 0kx7q2m9g04z is missing | invoice … is missing",
                "no model may answer: ollama/llama3.2 is not named; claude/x is dear | no model may answer",
                "budget 'daily' has $1.50 left of $6.00 (4.50 spent), expected $2 until 2026-11-30T00:00:00Z | budget '…' has $n left of $n",
                "total: expected a number | total: expected a number",
            })
    void namesWhatIsTheSame(String error, String cause) {
        assertThat(FailureCause.normal(error)).isEqualTo(cause);
    }

    @Test
    void anErrorWithoutWordsAndALongOneAreNamedToo() {
        assertThat(FailureCause.normal(" \n")).isEqualTo("failed without a word");
        assertThat(FailureCause.normal("x ".repeat(200)).codePointCount(0, 100)).isEqualTo(100);
        assertThat(FailureCause.normal("\uD83D\uDE80".repeat(200)).codePoints().count())
                .isEqualTo(100);
    }

    @Test
    void theEndOfAnAnswerComesBeforeTheError() {
        TaskId id = TaskId.parse("000000000804d");
        TaskResult cut = new TaskResult(
                id, TaskState.DEAD, Optional.empty(), Optional.of("it failed"), Optional.of(StopReason.LENGTH));
        TaskResult done =
                new TaskResult(id, TaskState.DONE, Optional.of("x"), Optional.empty(), Optional.of(StopReason.LENGTH));

        assertThat(FailureCause.of(cut, List.of())).contains("answer cut at its token limit");
        assertThat(FailureCause.of(done, List.of())).isEmpty();
    }
}

package dev.architect.task;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One ended try of a task.
 *
 * @param task the task
 * @param epoch which claim of the task it was
 * @param session the session whose slot ran it, or {@code ""} when unknown
 * @param startedAt when the claim was made
 * @param endedAt when it ended
 * @param outcome how it ended
 * @param errorOrNull what went wrong, in words without prompt text; null after success
 */
public record Attempt(
        TaskId task,
        long epoch,
        String session,
        Instant startedAt,
        Instant endedAt,
        AttemptOutcome outcome,
        @Nullable String errorOrNull) {

    /** What went wrong. */
    public Optional<String> error() {
        return Optional.ofNullable(errorOrNull);
    }
}

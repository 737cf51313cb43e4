package dev.architect.attempt;

import dev.architect.check.Check;
import dev.architect.task.TaskId;
import java.time.Instant;
import java.util.Optional;

/**
 * One ended try of a task.
 *
 * @param task the task
 * @param epoch which claim of the task it was
 * @param session the session whose slot ran it, or {@code ""} when unknown
 * @param startedAt when the claim was made
 * @param endedAt when it ended
 * @param outcome how it ended
 * @param error what went wrong, without prompt text; empty after success
 */
public record Attempt(
        TaskId task,
        long epoch,
        String session,
        Instant startedAt,
        Instant endedAt,
        AttemptOutcome outcome,
        Optional<String> error) {

    /** Checks every field. */
    public Attempt {
        Check.notNull("task", task);
        Check.notNull("session", session);
        Check.notNull("startedAt", startedAt);
        Check.notNull("endedAt", endedAt);
        Check.notNull("outcome", outcome);
        Check.notNull("error", error);
    }
}

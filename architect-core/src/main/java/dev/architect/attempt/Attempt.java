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
 * @param incarnation the run of the node that made it; 0 when unknown
 * @param basis what decided where it ran; empty when its node could not record that, and of attempts before it was kept
 */
public record Attempt(
        TaskId task,
        long epoch,
        String session,
        Instant startedAt,
        Instant endedAt,
        AttemptOutcome outcome,
        Optional<String> error,
        long incarnation,
        Optional<AttemptBasis> basis) {

    /** Creates an attempt of which it is not known where it ran. */
    public Attempt(
            TaskId task,
            long epoch,
            String session,
            Instant startedAt,
            Instant endedAt,
            AttemptOutcome outcome,
            Optional<String> error) {
        this(task, epoch, session, startedAt, endedAt, outcome, error, 0, Optional.empty());
    }

    /** Checks every field. */
    public Attempt {
        Check.notNull("task", task);
        Check.notNull("session", session);
        Check.notNull("startedAt", startedAt);
        Check.notNull("endedAt", endedAt);
        Check.notNull("outcome", outcome);
        Check.notNull("error", error);
        Check.notNegative("incarnation", incarnation);
        Check.notNull("basis", basis);
    }

    /** Returns a copy that another incarnation has made. */
    public Attempt withIncarnation(long changed) {
        return new Attempt(task, epoch, session, startedAt, endedAt, outcome, error, changed, basis);
    }
}

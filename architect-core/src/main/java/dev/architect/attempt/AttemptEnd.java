package dev.architect.attempt;

import dev.architect.check.Check;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How an attempt ended and what becomes of its task.
 *
 * @param fencingToken proves the right to record it
 * @param session the session whose slot ran it
 * @param startedAt when it began
 * @param endedAt when it ended
 * @param outcome how it ended
 * @param next the state of the task from now on: final, {@code SCHEDULED} for another try, {@code HELD} when it
 *     needs an input, or {@code READY} when handed back
 * @param retryAfter how long until it is due; zero unless {@code next} is {@code SCHEDULED}
 * @param result what it brought; its output is present exactly when {@code next} is {@code DONE}
 * @param basis what decided where it ran; empty when it had not begun
 */
public record AttemptEnd(
        FencingToken fencingToken,
        String session,
        Instant startedAt,
        Instant endedAt,
        AttemptOutcome outcome,
        TaskState next,
        Duration retryAfter,
        AttemptResult result,
        Optional<AttemptBasis> basis) {

    /** Creates an end of which it is not kept what decided where it ran. */
    public AttemptEnd(
            FencingToken fencingToken,
            String session,
            Instant startedAt,
            Instant endedAt,
            AttemptOutcome outcome,
            TaskState next,
            Duration retryAfter,
            AttemptResult result) {
        this(fencingToken, session, startedAt, endedAt, outcome, next, retryAfter, result, Optional.empty());
    }

    /** Checks that outcome, state and output fit together. */
    public AttemptEnd {
        Check.notNull("fencingToken", fencingToken);
        Check.notNull("session", session);
        Check.notNull("startedAt", startedAt);
        Check.notNull("endedAt", endedAt);
        Check.notNull("outcome", outcome);
        Check.notNull("next", next);
        Check.notNull("result", result);
        Check.notNull("basis", basis);
        if (next == TaskState.RUNNING || next == TaskState.BLOCKED || next == TaskState.LIMITED) {
            throw new IllegalArgumentException("next is " + next + ", expected a state that ends the attempt");
        }
        if ((next == TaskState.DONE) != result.output().isPresent()) {
            throw new IllegalArgumentException(
                    "next is " + next + (result.output().isEmpty() ? " without" : " with")
                            + " an output, expected an output exactly when DONE");
        }
        Check.notNegative("retryAfter", retryAfter);
    }

    /** Returns a copy with what decided where the attempt ran. */
    public AttemptEnd withBasis(AttemptBasis known) {
        return new AttemptEnd(
                fencingToken,
                session,
                startedAt,
                endedAt,
                outcome,
                next,
                retryAfter,
                result,
                Optional.of(Check.notNull("basis", known)));
    }
}

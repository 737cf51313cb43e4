package dev.architect.task;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt ended and what becomes of its task.
 *
 * @param fencingToken proves the right to say so
 * @param session the session whose slot ran it
 * @param startedAt when it began
 * @param endedAt when it ended
 * @param outcome how it ended
 * @param next the state of the task from now on: final, {@code SCHEDULED} for another try, or {@code READY} when handed back
 * @param retryAfter how long until it is due; zero unless {@code next} is {@code SCHEDULED}
 * @param outputOrNull what the worker returned; not null exactly when {@code next} is {@code DONE}
 * @param errorOrNull what went wrong, in words without prompt text; null after success
 */
public record AttemptEnd(
        FencingToken fencingToken,
        String session,
        Instant startedAt,
        Instant endedAt,
        AttemptOutcome outcome,
        TaskState next,
        Duration retryAfter,
        @Nullable String outputOrNull,
        @Nullable String errorOrNull) {

    /** Checks that outcome, state and output fit together. */
    public AttemptEnd {
        if (next == TaskState.RUNNING) {
            throw new IllegalArgumentException("next is RUNNING, expected a state that ends the attempt");
        }
        if ((next == TaskState.DONE) != (outputOrNull != null)) {
            throw new IllegalArgumentException("next is " + next + (outputOrNull == null ? " without" : " with")
                    + " an output, expected an output exactly when DONE");
        }
        if (retryAfter.isNegative()) {
            throw new IllegalArgumentException("retryAfter is " + retryAfter + ", expected zero or more");
        }
    }

    /** What the worker returned. */
    public Optional<String> output() {
        return Optional.ofNullable(outputOrNull);
    }

    /** What went wrong. */
    public Optional<String> error() {
        return Optional.ofNullable(errorOrNull);
    }
}

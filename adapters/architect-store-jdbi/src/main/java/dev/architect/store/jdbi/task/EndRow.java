package dev.architect.store.jdbi.task;

import dev.architect.attempt.AttemptBasis;
import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.FencingToken;
import dev.architect.model.StopReason;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.StoredText;
import dev.architect.task.TaskState;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The end of an attempt in terms of columns, as of one time.
 *
 * @param end the end itself
 * @param now when it is recorded
 */
public record EndRow(AttemptEnd end, Instant now) {

    /** What becomes of the time of the first snooze. */
    public enum FirstSnooze {
        /** It is over. */
        CLEARED,
        /** This one, unless there is one. */
        SET,
        /** As it is. */
        KEPT
    }

    /** Proves the right to record it. */
    public FencingToken fencingToken() {
        return end.fencingToken();
    }

    /** The state of the task from now on, unless it is to be held and cancelled. */
    public TaskState state() {
        return end.next();
    }

    /** When the task is due again; null unless it is scheduled. */
    public @Nullable Long dueAt() {
        return state() == TaskState.SCHEDULED ? Micros.after(now, end.retryAfter()) : null;
    }

    /** When the task ended; null when it has not. */
    public @Nullable Long doneAt() {
        return state().isTerminal() ? Micros.of(now) : null;
    }

    /** How many tries it gives back: a task that was handed back or snoozed, or needs an input, was not at fault. */
    public int triesBack() {
        return end.outcome() == AttemptOutcome.NEEDS_INPUT ? 1 : snoozes();
    }

    /** How many snoozes it adds. */
    public int snoozes() {
        return end.outcome() == AttemptOutcome.SNOOZED || end.outcome() == AttemptOutcome.HANDED_BACK ? 1 : 0;
    }

    /** A row of snoozes keeps the time of the first. */
    public FirstSnooze firstSnooze() {
        return switch (end.outcome()) {
            case SNOOZED -> FirstSnooze.SET;
            case HANDED_BACK -> FirstSnooze.KEPT;
            default -> FirstSnooze.CLEARED;
        };
    }

    /** The error of the attempt, as it is stored. */
    public @Nullable String error() {
        return StoredText.encode(end.result().error().orElse(null));
    }

    /** What decided where the attempt ran, as it is stored. */
    public @Nullable String basis() {
        return basisText(end.basis());
    }

    /** The same of another attempt. */
    public static @Nullable String basisText(Optional<AttemptBasis> basis) {
        return TaskRow.text(basis);
    }

    /** Whether the task has a result: a cancelled one has none, and what is retried is kept with its attempt only. */
    public boolean hasResult() {
        return state() == TaskState.DONE || state() == TaskState.DEAD;
    }

    /** The output, as it is stored. */
    public @Nullable String output() {
        return StoredText.encode(end.result().output().orElse(null));
    }

    /** The error of the result, as it is stored. */
    public @Nullable String resultError() {
        return state() == TaskState.DEAD ? error() : null;
    }

    /** Why a model stopped. */
    public @Nullable String stopReason() {
        return end.result().stopReason().map(StopReason::name).orElse(null);
    }
}

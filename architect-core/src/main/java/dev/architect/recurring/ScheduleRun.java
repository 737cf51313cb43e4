package dev.architect.recurring;

import dev.architect.check.Check;
import dev.architect.task.TaskId;
import java.time.Instant;
import java.util.Optional;

/**
 * That a schedule has fired.
 *
 * @param instant the instant that was due; when it was fired by hand, that time
 * @param firedAt when it was fired, by the clock of the store
 * @param task the task that was submitted; empty when none could be
 * @param note why there is no task, or what is special; empty when nothing is
 */
public record ScheduleRun(Instant instant, Instant firedAt, Optional<TaskId> task, String note) {

    /** The note of one that was fired by hand. */
    public static final String BY_HAND = "by hand";

    /** The longest note; what is longer is cut. */
    public static final int MAX_NOTE_CHARACTERS = 500;

    /** Checks every field. */
    public ScheduleRun {
        Check.notNull("instant", instant);
        Check.notNull("firedAt", firedAt);
        Check.notNull("task", task);
        Check.notNull("note", note);
        note = note.length() <= MAX_NOTE_CHARACTERS ? note : note.substring(0, MAX_NOTE_CHARACTERS);
    }
}

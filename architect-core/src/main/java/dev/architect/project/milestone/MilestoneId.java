package dev.architect.project.milestone;

import dev.architect.check.Check;
import dev.architect.check.IdText;

/**
 * The id of a milestone; its text has thirteen characters, as that of a task.
 *
 * @param value zero or more
 */
public record MilestoneId(long value) {

    /** Checks the value. */
    public MilestoneId {
        Check.notNegative("milestone id", value);
    }

    /**
     * Reads what {@link #toString} has written.
     *
     * @throws IllegalArgumentException when the text has another form
     */
    public static MilestoneId parse(String text) {
        return new MilestoneId(IdText.read("milestone id", text));
    }

    @Override
    public String toString() {
        return IdText.write(value);
    }
}

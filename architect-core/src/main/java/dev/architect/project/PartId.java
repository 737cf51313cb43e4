package dev.architect.project;

import dev.architect.check.Check;
import dev.architect.check.IdText;

/**
 * The id of a part of a project that has no id of its own kind: a column, label, custom field, comment, attachment or view. Its text has
 * thirteen characters, as that of a task.
 *
 * @param value zero or more
 */
public record PartId(long value) implements Comparable<PartId> {

    /** Checks the value. */
    public PartId {
        Check.notNegative("id", value);
    }

    /**
     * Reads what {@link #toString} has written.
     *
     * @throws IllegalArgumentException when the text has another form
     */
    public static PartId parse(String text) {
        return new PartId(IdText.read("id", text));
    }

    @Override
    public int compareTo(PartId other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return IdText.write(value);
    }
}

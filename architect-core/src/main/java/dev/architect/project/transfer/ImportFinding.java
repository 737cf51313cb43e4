package dev.architect.project.transfer;

import dev.architect.check.Check;

/**
 * Something that a person should know about an import: what is not carried over, and what the source leaves open.
 *
 * @param place where in the file, or the key of the item here
 * @param field what it is about; empty for the thing as a whole
 * @param message what was seen and what became of it
 */
public record ImportFinding(String place, String field, String message) {

    /** Checks every field. */
    public ImportFinding {
        Check.notNull("place", place);
        Check.notNull("field", field);
        Check.notBlank("message", message);
    }

    @Override
    public String toString() {
        return (place.isEmpty() ? "" : place + ": ") + (field.isEmpty() ? "" : field + " ") + message;
    }
}

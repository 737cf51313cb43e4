package dev.architect.project.transfer;

import dev.architect.check.Check;
import dev.architect.json.JsonFields;

/** A file cannot be imported; nothing of it was. */
public final class ImportException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String place;
    private final String field;
    private final String seen;
    private final String expected;

    /**
     * Creates the refusal.
     *
     * @param place where in the file: an entry with its line, or a JSON pointer; empty for the file as a whole
     * @param field what is wrong there; empty for all of it
     * @param seen the value, which is cut to what fits a message
     * @param expected what would have been right
     */
    public ImportException(String place, String field, String seen, String expected) {
        super(message(place, field, seen, expected));
        this.place = place;
        this.field = field;
        this.seen = JsonFields.shorten(seen);
        this.expected = expected;
    }

    private static String message(String place, String field, String seen, String expected) {
        String where = Check.notNull("place", place).isEmpty() ? "the file" : place;
        String what = Check.notNull("field", field).isEmpty() ? "" : field + " ";
        return where + ": " + what + "is " + JsonFields.shorten(Check.notNull("seen", seen)) + ", expected "
                + Check.notNull("expected", expected);
    }

    /** Where in the file: an entry with its line, or a JSON pointer; empty for the file as a whole. */
    public String place() {
        return place;
    }

    /** What is wrong there; empty for all of it. */
    public String field() {
        return field;
    }

    /** The value, cut to what fits a message. */
    public String seen() {
        return seen;
    }

    /** What would have been right. */
    public String expected() {
        return expected;
    }
}

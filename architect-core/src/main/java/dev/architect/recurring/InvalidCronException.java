package dev.architect.recurring;

import dev.architect.check.Check;

/** A cron expression is wrong. The message names the field, the value seen, where it stands, and what is expected. */
public final class InvalidCronException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String field;
    private final String value;
    private final String expected;
    private final int position;

    InvalidCronException(String field, String value, int position, String expected) {
        super("cron: " + Check.notNull("field", field) + " is '" + Check.notNull("value", value) + "' at character "
                + position + ", expected " + Check.notNull("expected", expected));
        this.field = field;
        this.value = value;
        this.expected = expected;
        this.position = position;
    }

    /** The part of the expression that is wrong: {@code second}, {@code minute}, {@code hour}, {@code day of month}, {@code month}, {@code
     * day of week}, or {@code expression} for all of it. */
    public String field() {
        return field;
    }

    /** What stands there, shortened when it is long. */
    public String value() {
        return value;
    }

    /** What may stand there. */
    public String expected() {
        return expected;
    }

    /** Where it stands in the expression; the first character is 1. */
    public int position() {
        return position;
    }
}

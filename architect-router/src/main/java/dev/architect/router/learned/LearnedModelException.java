package dev.architect.router.learned;

import dev.architect.error.ArchitectException;

/** Outcomes cannot be learned from, or a model file cannot be used. The message never holds text of a prompt. */
public final class LearnedModelException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    /** What was wrong: a field such as {@code rows} or {@code line 3, column strong}. */
    private final String field;

    private final String value;
    private final String expected;

    /** Creates an exception whose message is {@code field is value, expected …}. */
    public LearnedModelException(String field, String value, String expected) {
        super(field + " is " + value + ", expected " + expected);
        this.field = field;
        this.value = value;
        this.expected = expected;
    }

    /** Returns what was wrong, such as {@code rows}. */
    public String field() {
        return field;
    }

    /** Returns the value that was seen. */
    public String value() {
        return value;
    }

    /** Returns what had to be there instead. */
    public String expected() {
        return expected;
    }
}

package dev.architect.router.regression;

import java.io.IOException;

/** A part of a model file cannot be read. */
public final class ModelFormatException extends IOException {

    private static final long serialVersionUID = 1L;

    private final String field;
    private final String value;
    private final String expected;

    ModelFormatException(String field, String value, String expected) {
        super(field + " is " + value + ", expected " + expected);
        this.field = field;
        this.value = value;
        this.expected = expected;
    }

    /** What is wrong. */
    public String field() {
        return field;
    }

    /** The value that was seen. */
    public String value() {
        return value;
    }

    /** What had to be there instead. */
    public String expected() {
        return expected;
    }

    static float finite(String field, float value) throws ModelFormatException {
        if (!Float.isFinite(value)) {
            throw new ModelFormatException(field, Float.toString(value), "a finite number");
        }
        return value;
    }

    static int count(String field, int value, int most) throws ModelFormatException {
        if (value < 0 || value > most) {
            throw new ModelFormatException(field, Integer.toString(value), "0 to " + most);
        }
        return value;
    }
}

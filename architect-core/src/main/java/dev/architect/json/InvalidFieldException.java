package dev.architect.json;

/** A field of a JSON object has a wrong value, is missing, or is unknown. The message names field, value and expectation. */
public final class InvalidFieldException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String field;
    private final boolean isUnknown;

    private InvalidFieldException(String field, boolean isUnknown, String message) {
        super(message);
        this.field = field;
        this.isUnknown = isUnknown;
    }

    /** Returns the failure of a value; {@code message} names field, value seen and value expected. */
    public static InvalidFieldException value(String field, String message) {
        return new InvalidFieldException(field, false, message);
    }

    static InvalidFieldException unknown(String field, String message) {
        return new InvalidFieldException(field, true, message);
    }

    /** The path of the field, for example {@code tools[1].name}. */
    public String field() {
        return field;
    }

    /** Whether the reader knows no such field. */
    public boolean isUnknown() {
        return isUnknown;
    }
}

package dev.architect.filter;

import dev.architect.check.Check;
import java.util.Optional;

/** A text is no filter, or one that asks for what there is not. */
public final class InvalidFilterException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private static final int MOST_SHOWN = 80;

    private final Kind kind;
    private final int position;
    private final transient Optional<String> field;
    private final String value;
    private final String expectation;
    private final transient Optional<String> nearest;

    /** What is wrong. */
    public enum Kind {
        /** The text breaks the grammar or its limits. */
        SYNTAX,
        /** There is no such field. */
        UNKNOWN_FIELD,
        /** A field is known, but finding what has a value of it would read everything. */
        NO_INDEX,
        /** A field cannot have this value, or not in this way. */
        INVALID_VALUE
    }

    private InvalidFilterException(
            Kind kind,
            int position,
            Optional<String> field,
            String value,
            String expectation,
            Optional<String> nearest,
            String message) {
        super(message);
        this.kind = kind;
        this.position = position;
        this.field = field;
        this.value = value;
        this.expectation = expectation;
        this.nearest = nearest;
    }

    static InvalidFilterException syntax(int position, String value, String expectation) {
        String seen = shorten(value);
        return new InvalidFilterException(
                Kind.SYNTAX,
                position,
                Optional.empty(),
                seen,
                expectation,
                Optional.empty(),
                "filter has " + (seen.isEmpty() ? "its end" : "'" + seen + "'") + " at position " + position
                        + ", expected " + expectation);
    }

    static InvalidFilterException unknownField(
            int position, String name, String expectation, Optional<String> nearest) {
        String seen = shorten(name);
        return new InvalidFilterException(
                Kind.UNKNOWN_FIELD,
                position,
                Optional.of(seen),
                seen,
                expectation,
                nearest,
                "filter has the unknown field '" + seen + "' at position " + position
                        + nearest.map(near -> ", did you mean '" + near + "'").orElse("") + ", expected "
                        + expectation);
    }

    static InvalidFilterException noIndex(int position, Optional<String> field, String value, String expectation) {
        return new InvalidFilterException(
                Kind.NO_INDEX,
                position,
                field,
                shorten(value),
                expectation,
                Optional.empty(),
                "filter has "
                        + field.map(name -> "the field '" + name + "'").orElse("the word '" + shorten(value) + "'")
                        + " at position " + position + ", which no index finds, expected " + expectation);
    }

    /** A field has a value at a position, and another one was expected. */
    public static InvalidFilterException invalidValue(
            int position, String field, String value, String expectation, Optional<String> nearest) {
        String seen = shorten(Check.notNull("value", value));
        Check.notNull("nearest", nearest);
        return new InvalidFilterException(
                Kind.INVALID_VALUE,
                position,
                Optional.of(Check.notNull("field", field)),
                seen,
                Check.notNull("expectation", expectation),
                nearest,
                "filter has '" + field + ":" + seen + "' at position " + position
                        + nearest.map(near -> ", did you mean '" + near + "'").orElse("") + ", expected "
                        + expectation);
    }

    private static String shorten(String text) {
        return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…";
    }

    /** What is wrong. */
    public Kind kind() {
        return kind;
    }

    /** Where the term or the character stands in the text, from 1. */
    public int position() {
        return position;
    }

    /** The field that it is about; empty where the grammar is broken, and for a word. */
    public Optional<String> field() {
        return field;
    }

    /** What stands there, at most the first 80 characters. */
    public String value() {
        return value;
    }

    /** What was expected. */
    public String expectation() {
        return expectation;
    }

    /** What was probably meant. */
    public Optional<String> nearest() {
        return nearest;
    }
}

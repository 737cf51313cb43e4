package dev.architect.json;

import dev.architect.check.Check;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes values as JSON text and reads them back (RFC 8259). A value is a {@link Map} with text keys, an {@link Iterable}, a
 * {@link String}, a {@link Number}, a {@link Boolean}, a {@link RawJson} or null. Thread safe: it has no state.
 */
public final class JsonText {

    private JsonText() {}

    /**
     * Returns {@code value} as JSON without white space; the order of a map's entries is kept.
     *
     * @throws IllegalArgumentException when it holds something that is no JSON value
     */
    public static String write(@Nullable Object value) {
        StringBuilder text = new StringBuilder();
        JsonWriter.write(value, text);
        return text.toString();
    }

    /**
     * Reads one value. Objects are maps in the order of the text, arrays are lists, numbers are {@link java.math.BigDecimal}.
     *
     * @throws JsonException when the text is not JSON, names a field twice, nests deeper than 64, or has a number of more than
     *     64 characters
     */
    public static @Nullable Object read(String text) {
        return new JsonReader(Check.notNull("text", text)).document();
    }

    /**
     * Reads an object.
     *
     * @throws JsonException as {@link #read}, and when the value is not an object
     */
    @SuppressWarnings("unchecked")
    public static Map<String, @Nullable Object> readObject(String text) {
        Object value = read(text);
        if (!(value instanceof Map)) {
            throw new JsonException("JSON value is " + JsonReader.kindOf(value) + ", expected an object");
        }
        return (Map<String, @Nullable Object>) value;
    }

    /** Returns {@code text} as a value that is written as it stands, after checking that it is JSON. */
    public static RawJson raw(String text) {
        read(text);
        return new RawJson(text);
    }

    /** Whether {@code text} is JSON that {@link #read} takes. */
    public static boolean isValid(String text) {
        try {
            read(text);
            return true;
        } catch (JsonException notJson) {
            return false;
        }
    }

    /** Describes a value for messages: {@code text}, {@code an object}, {@code the number 7} and so on; never shows text. */
    public static String kindOf(@Nullable Object value) {
        return JsonReader.kindOf(value);
    }
}

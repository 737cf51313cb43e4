package dev.architect.json;

import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Appends values as JSON. */
final class JsonWriter {

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private JsonWriter() {}

    static void write(@Nullable Object value, StringBuilder out) {
        if (value == null) {
            out.append("null");
        } else if (value instanceof String text) {
            string(text, out);
        } else if (value instanceof Boolean flag) {
            out.append(flag.booleanValue());
        } else if (value instanceof Number number) {
            number(number, out);
        } else if (value instanceof RawJson raw) {
            out.append(raw.text());
        } else if (value instanceof Map<?, ?> map) {
            object(map, out);
        } else if (value instanceof Iterable<?> items) {
            array(items, out);
        } else {
            throw new IllegalArgumentException("value is a " + value.getClass().getName()
                    + ", expected a map, a list, text, a number, a boolean or null");
        }
    }

    private static void object(Map<?, ?> map, StringBuilder out) {
        out.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof String name)) {
                throw new IllegalArgumentException("key of an object is " + entry.getKey() + ", expected text");
            }
            out.append(separator);
            string(name, out);
            out.append(':');
            write(entry.getValue(), out);
            separator = ",";
        }
        out.append('}');
    }

    private static void array(Iterable<?> items, StringBuilder out) {
        out.append('[');
        String separator = "";
        for (Object item : items) {
            out.append(separator);
            write(item, out);
            separator = ",";
        }
        out.append(']');
    }

    private static void number(Number number, StringBuilder out) {
        if (number instanceof Double || number instanceof Float) {
            double value = number.doubleValue();
            // JSON has no form for infinity and NaN.
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("number is " + value + ", expected a finite one");
            }
            // By its text: a float that is widened to a double would show digits that it never had.
            out.append(new BigDecimal(number.toString()));
        } else {
            out.append(number);
        }
    }

    private static void string(String text, StringBuilder out) {
        out.append('"');
        // What needs no escape is appended in runs, not character by character.
        int written = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c != '"' && c != '\\' && !Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                continue;
            }
            out.append(text, written, i);
            escape(c, out);
            written = i + 1;
        }
        out.append(text, written, text.length()).append('"');
    }

    /** A lone surrogate is escaped, because no encoding of the text could hold it. */
    private static void escape(char c, StringBuilder out) {
        switch (c) {
            case '"', '\\' -> out.append('\\').append(c);
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default ->
                out.append("\\u")
                        .append(HEX[c >> 12])
                        .append(HEX[c >> 8 & 0xf])
                        .append(HEX[c >> 4 & 0xf])
                        .append(HEX[c & 0xf]);
        }
    }
}

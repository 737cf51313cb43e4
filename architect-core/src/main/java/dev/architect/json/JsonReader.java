package dev.architect.json;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON text by recursive descent. Depth and the length of numbers are bounded, so no text needs more memory than a
 * small multiple of its own size: a number is kept as its digits, never expanded. Used once, by one thread.
 */
final class JsonReader {

    // Each level is a recursion, so deeper text could overflow the stack.
    private static final int MAX_DEPTH = 64;
    private static final int MAX_NUMBER_CHARACTERS = 64;
    // Arithmetic on a number with a longer exponent would expand it to that many digits.
    private static final int MAX_EXPONENT_DIGITS = 4;

    private final String text;
    private int at;

    JsonReader(String text) {
        this.text = text;
    }

    static String kindOf(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof Map) {
            return "an object";
        }
        if (value instanceof List) {
            return "a list";
        }
        // Text is never shown: it may be a prompt or a secret.
        if (value instanceof String) {
            return "text";
        }
        return value instanceof Boolean ? value.toString() : "the number " + JsonFields.shorten(value.toString());
    }

    @Nullable
    Object document() {
        skipSpace();
        Object value = value(0);
        skipSpace();
        if (at < text.length()) {
            throw failure("more text", "the end");
        }
        return value;
    }

    private @Nullable Object value(int depth) {
        if (depth > MAX_DEPTH) {
            throw new JsonException("JSON nests deeper than " + MAX_DEPTH + " at character " + at);
        }
        char c = peek();
        return switch (c) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> literal("true", true);
            case 'f' -> literal("false", false);
            case 'n' -> literal("null", null);
            default -> number();
        };
    }

    private Map<String, @Nullable Object> object(int depth) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        at++;
        skipSpace();
        if (peek() == '}') {
            at++;
            return fields;
        }
        while (true) {
            if (peek() != '"') {
                throw failure("something else", "the name of a field");
            }
            int start = at;
            String name = string();
            skipSpace();
            expect(':');
            skipSpace();
            boolean isRepeated = fields.containsKey(name);
            fields.put(name, value(depth + 1));
            if (isRepeated) {
                throw new JsonException("JSON names a field twice at character " + start + ", expected each once");
            }
            skipSpace();
            if (peek() == '}') {
                at++;
                return fields;
            }
            expect(',');
            skipSpace();
        }
    }

    private List<@Nullable Object> array(int depth) {
        List<@Nullable Object> items = new ArrayList<>();
        at++;
        skipSpace();
        if (peek() == ']') {
            at++;
            return items;
        }
        while (true) {
            items.add(value(depth + 1));
            skipSpace();
            if (peek() == ']') {
                at++;
                return items;
            }
            expect(',');
            skipSpace();
        }
    }

    private String string() {
        at++;
        // Most texts have no escapes, and are taken as one substring without a builder.
        int end = at;
        while (end < text.length() && text.charAt(end) != '"' && text.charAt(end) != '\\' && text.charAt(end) >= ' ') {
            end++;
        }
        if (end < text.length() && text.charAt(end) == '"') {
            String plain = text.substring(at, end);
            at = end + 1;
            return plain;
        }
        StringBuilder value = new StringBuilder().append(text, at, end);
        at = end;
        while (true) {
            char c = next();
            if (c == '"') {
                return value.toString();
            }
            if (c < ' ') {
                at--;
                throw failure("a control character", "it escaped");
            }
            value.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() {
        char c = next();
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> {
                at--;
                throw failure("an unknown escape", "one of \" \\ / b f n r t u");
            }
        };
    }

    private char unicode() {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(next(), 16);
            // Character.digit takes digits of other scripts, too.
            if (digit < 0 || text.charAt(at - 1) > 'f') {
                at--;
                throw failure("no hexadecimal digit", "4 of them");
            }
            value = value << 4 | digit;
        }
        return (char) value;
    }

    private <T> @Nullable T literal(String word, @Nullable T value) {
        if (!text.startsWith(word, at)) {
            throw failure("something else", "a value");
        }
        at += word.length();
        return value;
    }

    private BigDecimal number() {
        int start = at;
        if (peek() == '-') {
            at++;
        }
        // A leading zero stands alone: 007 is not JSON.
        if (at < text.length() && text.charAt(at) == '0') {
            at++;
        } else {
            digits("a value");
        }
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            digits("a digit");
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
                at++;
            }
            int exponent = at;
            digits("a digit");
            if (at - exponent > MAX_EXPONENT_DIGITS) {
                at = exponent;
                throw failure("an exponent of many digits", "at most " + MAX_EXPONENT_DIGITS);
            }
        }
        if (at - start > MAX_NUMBER_CHARACTERS) {
            at = start;
            throw failure("a number of many characters", "at most " + MAX_NUMBER_CHARACTERS);
        }
        return new BigDecimal(text.substring(start, at));
    }

    private void digits(String expected) {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == start) {
            throw failure("something else", expected);
        }
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw failure("the end", "more text");
        }
        return text.charAt(at);
    }

    private char next() {
        char c = peek();
        at++;
        return c;
    }

    private void expect(char expected) {
        if (peek() != expected) {
            throw failure("something else", "'" + expected + "'");
        }
        at++;
    }

    private JsonException failure(String seen, String expected) {
        return new JsonException("JSON has " + seen + " at character " + at + ", expected " + expected);
    }
}

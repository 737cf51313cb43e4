package dev.architect.library.bridge;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Encodes values as one text, so that they pass unchanged through a library that has no field for them: nulls, strings,
 * booleans, numbers, bytes, lists, and maps by strings.
 *
 * <p>A value is a letter, a length, a colon and its text; the length of a list or map is its number of entries: {@code
 * L2:s3:onei1:2}.
 */
public final class TextCodec {

    // A list may contain itself, and a decoded text is foreign: both would end in a stack overflow.
    private static final int MAX_DEPTH = 32;

    private final String encoded;
    private int at;

    private TextCodec(String encoded) {
        this.encoded = encoded;
    }

    /** Whether {@link #encode} takes the value. */
    public static boolean isEncodable(@Nullable Object value) {
        return isEncodable(value, 0);
    }

    private static boolean isEncodable(@Nullable Object value, int depth) {
        if (depth > MAX_DEPTH) {
            return false;
        }
        if (value instanceof List) {
            return ((List<?>) value).stream().allMatch(item -> isEncodable(item, depth + 1));
        }
        if (value instanceof Map) {
            return ((Map<?, ?>) value)
                    .entrySet().stream()
                            .allMatch(entry ->
                                    entry.getKey() instanceof String && isEncodable(entry.getValue(), depth + 1));
        }
        return value == null
                || value instanceof String
                || value instanceof Boolean
                || value instanceof Integer
                || value instanceof Long
                || value instanceof Double
                || value instanceof byte[];
    }

    /** Returns the entries whose values can be encoded, in the same order. */
    public static Map<String, Object> encodableEntries(Map<String, ?> values) {
        Map<String, Object> plain = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            // A value of another type is left out, and not the whole: the other entries may hold the proof of the
            // reasoning.
            if (value != null && isEncodable(value)) {
                plain.put(name, value);
            }
        });
        return plain;
    }

    /**
     * Returns the value as text.
     *
     * @throws IllegalArgumentException when it cannot be encoded
     */
    public static String encode(@Nullable Object value) {
        if (!isEncodable(value)) {
            throw new IllegalArgumentException(
                    "value cannot be encoded, expected strings, numbers, bytes, lists and maps");
        }
        StringBuilder text = new StringBuilder();
        encode(value, text);
        return text.toString();
    }

    private static void encode(@Nullable Object value, StringBuilder text) {
        if (value instanceof List) {
            List<?> items = (List<?>) value;
            text.append('L').append(items.size()).append(':');
            items.forEach(item -> encode(item, text));
        } else if (value instanceof Map) {
            Map<?, ?> entries = (Map<?, ?>) value;
            text.append('M').append(entries.size()).append(':');
            entries.forEach((name, entry) -> {
                encode(name, text);
                encode(entry, text);
            });
        } else {
            String content = value instanceof byte[] ? Base64.getEncoder().encodeToString((byte[]) value) : "" + value;
            text.append(letter(value)).append(content.length()).append(':').append(content);
        }
    }

    private static char letter(@Nullable Object value) {
        if (value == null) {
            return 'n';
        }
        if (value instanceof byte[]) {
            return 'x';
        }
        // Unique among the types that isEncodable() allows; upper case marks lists and maps.
        return Character.toLowerCase(value.getClass().getSimpleName().charAt(0));
    }

    /** Returns what {@link #encode} was given; empty for a text that it did not make, and for null. */
    public static Optional<Object> decode(String encoded) {
        TextCodec codec = new TextCodec(encoded);
        try {
            Object value = codec.readValue(0);
            return codec.at == encoded.length() ? Optional.ofNullable(value) : Optional.empty();
            // The text comes back through a host's history, where it may have been cut or changed.
        } catch (IllegalArgumentException | IndexOutOfBoundsException somethingElse) {
            return Optional.empty();
        }
    }

    private @Nullable Object readValue(int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("values are nested too deeply");
        }
        char letter = encoded.charAt(at);
        int colon = encoded.indexOf(':', at);
        int length = Integer.parseInt(encoded.substring(at + 1, colon));
        at = colon + 1;
        return switch (letter) {
            case 'L' -> readList(length, depth);
            case 'M' -> readMap(length, depth);
            default -> scalar(letter, readText(length));
        };
    }

    private String readText(int length) {
        String text = encoded.substring(at, at + length);
        at += length;
        return text;
    }

    private List<@Nullable Object> readList(int size, int depth) {
        List<@Nullable Object> items = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            items.add(readValue(depth + 1));
        }
        return items;
    }

    private Map<String, @Nullable Object> readMap(int size, int depth) {
        Map<String, @Nullable Object> entries = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            entries.put(String.valueOf(readValue(depth + 1)), readValue(depth + 1));
        }
        return entries;
    }

    private static @Nullable Object scalar(char letter, String text) {
        return switch (letter) {
            case 'n' -> null;
            case 's' -> text;
            case 'b' -> Boolean.valueOf(text);
            case 'i' -> Integer.valueOf(text);
            case 'l' -> Long.valueOf(text);
            case 'd' -> Double.valueOf(text);
            case 'x' -> Base64.getDecoder().decode(text);
            default -> throw new IllegalArgumentException("no value begins with " + letter);
        };
    }
}

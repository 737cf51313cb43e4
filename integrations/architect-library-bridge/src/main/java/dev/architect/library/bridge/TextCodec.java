package dev.architect.library.bridge;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Plain values as one text, to travel through a vocabulary that has no place for them and come back unchanged: nulls, strings,
 * booleans, numbers, bytes, lists, and maps by strings.
 *
 * <p>A value is a letter, a length, a colon and its text; the length of a list or map is its number of entries: {@code
 * L2:s3:onei1:2}.
 */
public final class TextCodec {

    private static final int MAX_DEPTH = 32;

    private final String packed;
    private int at;

    private TextCodec(String packed) {
        this.packed = packed;
    }

    /** Whether {@link #pack} takes the value. */
    public static boolean isPlain(@Nullable Object value) {
        return isPlain(value, 0);
    }

    private static boolean isPlain(@Nullable Object value, int depth) {
        if (depth > MAX_DEPTH) {
            return false;
        }
        if (value instanceof List) {
            return ((List<?>) value).stream().allMatch(item -> isPlain(item, depth + 1));
        }
        if (value instanceof Map) {
            return ((Map<?, ?>) value)
                    .entrySet().stream()
                            .allMatch(
                                    entry -> entry.getKey() instanceof String && isPlain(entry.getValue(), depth + 1));
        }
        return value == null
                || value instanceof String
                || value instanceof Boolean
                || value instanceof Integer
                || value instanceof Long
                || value instanceof Double
                || value instanceof byte[];
    }

    /** Returns the entries whose values are plain, in the same order. */
    public static Map<String, Object> plainOf(Map<String, ?> values) {
        Map<String, Object> plain = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            if (value != null && isPlain(value)) {
                plain.put(name, value);
            }
        });
        return plain;
    }

    /**
     * Returns the value as text.
     *
     * @throws IllegalArgumentException when it is not plain
     */
    public static String pack(@Nullable Object value) {
        if (!isPlain(value)) {
            throw new IllegalArgumentException("value is not plain, expected strings, numbers, bytes, lists and maps");
        }
        StringBuilder text = new StringBuilder();
        pack(value, text);
        return text.toString();
    }

    private static void pack(@Nullable Object value, StringBuilder text) {
        if (value instanceof List) {
            List<?> items = (List<?>) value;
            text.append('L').append(items.size()).append(':');
            items.forEach(item -> pack(item, text));
        } else if (value instanceof Map) {
            Map<?, ?> entries = (Map<?, ?>) value;
            text.append('M').append(entries.size()).append(':');
            entries.forEach((name, entry) -> {
                pack(name, text);
                pack(entry, text);
            });
        } else {
            String words = value instanceof byte[] ? Base64.getEncoder().encodeToString((byte[]) value) : "" + value;
            text.append(letter(value)).append(words.length()).append(':').append(words);
        }
    }

    private static char letter(@Nullable Object value) {
        if (value == null) {
            return 'n';
        }
        if (value instanceof byte[]) {
            return 'x';
        }
        return Character.toLowerCase(value.getClass().getSimpleName().charAt(0));
    }

    /** Returns what {@link #pack} was given; empty for a text that it did not make, and for null. */
    public static Optional<Object> unpack(String packed) {
        TextCodec luggage = new TextCodec(packed);
        try {
            Object value = luggage.take(0);
            return luggage.at == packed.length() ? Optional.ofNullable(value) : Optional.empty();
        } catch (IllegalArgumentException | IndexOutOfBoundsException somethingElse) {
            return Optional.empty();
        }
    }

    private @Nullable Object take(int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("values lie too deep");
        }
        char letter = packed.charAt(at);
        int colon = packed.indexOf(':', at);
        int length = Integer.parseInt(packed.substring(at + 1, colon));
        at = colon + 1;
        return switch (letter) {
            case 'L' -> takeList(length, depth);
            case 'M' -> takeMap(length, depth);
            default -> scalar(letter, words(length));
        };
    }

    private String words(int length) {
        String words = packed.substring(at, at + length);
        at += length;
        return words;
    }

    private List<@Nullable Object> takeList(int size, int depth) {
        List<@Nullable Object> items = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            items.add(take(depth + 1));
        }
        return items;
    }

    private Map<String, @Nullable Object> takeMap(int size, int depth) {
        Map<String, @Nullable Object> entries = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            entries.put(String.valueOf(take(depth + 1)), take(depth + 1));
        }
        return entries;
    }

    private static @Nullable Object scalar(char letter, String words) {
        return switch (letter) {
            case 'n' -> null;
            case 's' -> words;
            case 'b' -> Boolean.valueOf(words);
            case 'i' -> Integer.valueOf(words);
            case 'l' -> Long.valueOf(words);
            case 'd' -> Double.valueOf(words);
            case 'x' -> Base64.getDecoder().decode(words);
            default -> throw new IllegalArgumentException("no value begins with " + letter);
        };
    }
}

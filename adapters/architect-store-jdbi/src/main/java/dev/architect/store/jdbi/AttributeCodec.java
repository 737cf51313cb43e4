package dev.architect.store.jdbi;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Attributes as one text of names and values, each with its length before it: {@code 5:model12:claude/haiku}. */
final class AttributeCodec {

    private AttributeCodec() {}

    /** Returns null for no attributes. */
    static @Nullable String encode(Map<String, String> attributes) {
        if (attributes.isEmpty()) {
            return null;
        }
        StringBuilder text = new StringBuilder();
        new TreeMap<>(attributes).forEach((name, value) -> {
            append(text, name);
            append(text, value);
        });
        return text.toString();
    }

    private static void append(StringBuilder text, String part) {
        text.append(part.length()).append(':').append(part);
    }

    static Map<String, String> decode(@Nullable String text) {
        Map<String, String> attributes = new HashMap<>();
        int at = 0;
        while (text != null && at < text.length()) {
            int nameStart = text.indexOf(':', at) + 1;
            int nameEnd = nameStart + Integer.parseInt(text, at, nameStart - 1, 10);
            int valueStart = text.indexOf(':', nameEnd) + 1;
            int valueEnd = valueStart + Integer.parseInt(text, nameEnd, valueStart - 1, 10);
            attributes.put(text.substring(nameStart, nameEnd), text.substring(valueStart, valueEnd));
            at = valueEnd;
        }
        return attributes;
    }
}

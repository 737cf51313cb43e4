package dev.architect.filter;

import dev.architect.check.Check;
import java.util.List;

/**
 * A field that a filter may name. Immutable.
 *
 * @param name as it stands in front of the colon
 * @param type what its values are
 * @param words all that a {@link Type#WORD} may be, in lower case; empty for other types
 * @param isIndexed whether what has a value is found without reading everything
 */
public record FilterField(String name, Type type, List<String> words, boolean isIndexed) {

    /** What the values of a field are. */
    public enum Type {
        /** Any text; several may be given, and excluded. */
        TEXT,
        /** One of some words; several may be given, and excluded. */
        WORD,
        /** One text. */
        SINGLE,
        /**
         * A range of times: an instant such as {@code 2026-03-01T12:00:00Z}; a time without a zone or a day, in the zone of the reader; or
         * {@code -7d} for seven days ago, with {@code s}, {@code m}, {@code h}, {@code d} or {@code w}, which alone means since then.
         */
        TIME
    }

    /** Copies the words and checks every field. */
    public FilterField {
        Check.notNull("name", name);
        Check.notNull("type", type);
        words = List.copyOf(Check.noNulls("words", words));
        if (!FilterParser.isFieldName(name)) {
            throw new IllegalArgumentException("name is '" + name + "', expected what may stand in front of a colon");
        }
        if ((type == Type.WORD) == words.isEmpty()) {
            throw new IllegalArgumentException("words are " + words + ", expected some exactly for a field of words");
        }
    }

    /** Returns a field with an index. */
    public static FilterField of(String name, Type type) {
        return new FilterField(name, type, List.of(), true);
    }

    /** Returns a field of words with an index. */
    public static FilterField words(String name, List<String> words) {
        return new FilterField(name, Type.WORD, words, true);
    }

    /** Returns a field that things have, and that no index finds. */
    public static FilterField withoutIndex(String name) {
        return new FilterField(name, Type.TEXT, List.of(), false);
    }
}

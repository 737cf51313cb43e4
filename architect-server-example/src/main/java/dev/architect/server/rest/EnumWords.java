package dev.architect.server.rest;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Constants as words in lower case with dashes, as in JSON. */
public final class EnumWords {

    private EnumWords() {}

    /** Returns the word of {@code constant}. */
    public static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the constant of {@code word}; empty when the type has none. */
    public static <E extends Enum<E>> Optional<E> parse(Class<E> type, String word) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> of(constant).equals(word))
                .findFirst();
    }

    /** Returns the words of all constants, with commas between them, for messages. */
    public static <E extends Enum<E>> String list(Class<E> type) {
        return Arrays.stream(type.getEnumConstants()).map(EnumWords::of).collect(Collectors.joining(", "));
    }
}

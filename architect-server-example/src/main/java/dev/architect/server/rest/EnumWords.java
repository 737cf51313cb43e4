package dev.architect.server.rest;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Constants as words in lower case with dashes, as JSON carries them. */
public final class EnumWords {

    private EnumWords() {}

    public static <E extends Enum<E>> Optional<E> constant(Class<E> type, String word) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> JsonResponseWriter.word(constant).equals(word))
                .findFirst();
    }

    public static <E extends Enum<E>> String all(Class<E> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(JsonResponseWriter::word)
                .collect(Collectors.joining(", "));
    }
}

package dev.architect.server.api;

import dev.architect.server.json.Json;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Constants as words in lower case with dashes, as JSON carries them. */
final class Words {

    private Words() {}

    static <E extends Enum<E>> Optional<E> constant(Class<E> type, String word) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> Json.word(constant).equals(word))
                .findFirst();
    }

    static <E extends Enum<E>> String all(Class<E> type) {
        return Arrays.stream(type.getEnumConstants()).map(Json::word).collect(Collectors.joining(", "));
    }
}

package dev.architect.provider.http.reading;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Lets only short machine words of a reply into messages, for longer texts may repeat the prompt. */
final class SafeToken {

    private static final Pattern WORD = Pattern.compile("[a-zA-Z0-9_.-]{1,64}");
    private static final Pattern ID = Pattern.compile("[a-zA-Z0-9_.:/-]{1,128}");

    private SafeToken() {}

    static Optional<String> of(@Nullable String text) {
        return Optional.ofNullable(text).filter(word -> WORD.matcher(word).matches());
    }

    static Optional<String> ofId(String text) {
        return Optional.of(text).filter(id -> ID.matcher(id).matches());
    }
}

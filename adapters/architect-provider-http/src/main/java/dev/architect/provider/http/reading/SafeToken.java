package dev.architect.provider.http.reading;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Passes only short tokens of a reply into messages: longer texts may repeat the prompt. */
final class SafeToken {

    private static final Pattern TOKEN = Pattern.compile("[a-zA-Z0-9_.-]{1,64}");
    private static final Pattern ID = Pattern.compile("[a-zA-Z0-9_.:/-]{1,128}");

    private SafeToken() {}

    static Optional<String> token(@Nullable String text) {
        return Optional.ofNullable(text).filter(token -> TOKEN.matcher(token).matches());
    }

    static Optional<String> id(String text) {
        return Optional.of(text).filter(id -> ID.matcher(id).matches());
    }
}

package dev.architect.server.http;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who makes a request, after the gate has let it through.
 *
 * @param loginOrNull the login of a browser; null for a holder of the token itself
 */
public record Caller(@Nullable Login loginOrNull) {

    /** The login of a browser. */
    public Optional<Login> login() {
        return Optional.ofNullable(loginOrNull);
    }
}

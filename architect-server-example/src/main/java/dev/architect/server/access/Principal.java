package dev.architect.server.access;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who makes a request, after the gate has let it through.
 *
 * @param loginOrNull the login of a browser; null for a holder of the token itself
 */
public record Principal(@Nullable LoginSession loginOrNull) {

    /** The login of a browser. */
    public Optional<LoginSession> login() {
        return Optional.ofNullable(loginOrNull);
    }
}

package dev.architect.server.access;

import java.util.Optional;

/**
 * Who makes a request, after the access filter has let it pass.
 *
 * @param login the login of a browser; empty for a holder of the token itself
 */
public record Principal(Optional<LoginSession> login) {}

package dev.architect.store.postgres.connection;

import java.sql.SQLException;

/** A server that must not be used: another one has taken its place, or it has never been the right one. Another connection may lead there. */
public final class StaleServerException extends SQLException {

    private static final long serialVersionUID = 1L;

    private static final String CANNOT_CONNECT = "08001";

    public StaleServerException(String message) {
        super(message, CANNOT_CONNECT);
    }
}

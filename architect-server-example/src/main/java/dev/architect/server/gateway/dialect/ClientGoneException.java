package dev.architect.server.gateway.dialect;

/** The client has closed its connection, so nothing can be written. */
public final class ClientGoneException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ClientGoneException() {
        super("the client has closed its connection", null, false, false);
    }
}

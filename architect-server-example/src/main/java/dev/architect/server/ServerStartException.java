package dev.architect.server;

import dev.architect.error.ArchitectException;
import org.jspecify.annotations.Nullable;

/** The server could not start. Nothing of it is left running. */
public final class ServerStartException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final String host;
    private final int port;

    /** Creates the exception. */
    public ServerStartException(String host, int port, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.host = host;
        this.port = port;
    }

    /** The address that was requested. */
    public String host() {
        return host;
    }

    /** The port that was requested; 0 means any free one. */
    public int port() {
        return port;
    }
}

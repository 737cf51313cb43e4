package dev.architect.testkit.provider;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port of 127.0.0.1 at which nothing listens: connections to it are refused. Until this is closed no other program gets it, so that
 * no connection is accepted. Safe for use by several threads.
 */
public final class ClosedPort implements AutoCloseable {

    private final Socket bound = new Socket();

    /** Takes a free port. */
    public ClosedPort() {
        try {
            bound.bind(new InetSocketAddress("127.0.0.1", 0));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Its number. */
    public int number() {
        return bound.getLocalPort();
    }

    /** Gives the port back. Calling it twice does nothing more. */
    @Override
    public void close() {
        try {
            bound.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}

package dev.architect.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** A port of this machine that is in use. */
final class BusyPort implements AutoCloseable {

    private final ServerSocket socket;

    BusyPort() throws IOException {
        this.socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
    }

    String number() {
        return Integer.toString(socket.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

package dev.architect.postgres;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;

/** A connection of a {@link TransactionPooler} to the server; used by one thread at a time. */
final class PooledServer implements AutoCloseable {

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    /** The names under which statements are prepared here. */
    private final Set<String> prepared = new HashSet<>();

    PooledServer(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        this.out = new BufferedOutputStream(socket.getOutputStream());
    }

    Socket socket() {
        return socket;
    }

    Set<String> prepared() {
        return prepared;
    }

    void send(WireMessage message) throws IOException {
        message.write(out);
    }

    void flush() throws IOException {
        out.flush();
    }

    WireMessage receive() throws IOException {
        WireMessage message = WireMessage.read(in);
        if (message == null) {
            throw new EOFException("the server ended the connection");
        }
        return message;
    }

    @Override
    public void close() {
        FaultProxy.close(socket);
    }
}

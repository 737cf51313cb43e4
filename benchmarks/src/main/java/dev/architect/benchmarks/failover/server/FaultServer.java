package dev.architect.benchmarks.failover.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A provider on a port of its own that speaks every dialect and fails as the name of the model says: {@code fb-ok} and
 * {@code fb-ok-noprefill} are healthy, {@code fb-s01-…} to {@code fb-s16-…} and {@code fb-x01-…} to {@code fb-x10-…} are not, and
 * {@code fb-c00} to {@code fb-c60} cut after so many tokens. Over raw sockets, because frameworks neither reset
 * a connection before the head nor leave a chunked body without its end. Safe for use by several threads.
 */
public final class FaultServer implements AutoCloseable {

    /** A key that some models refuse. */
    public static final String REFUSED_KEY = "refused-key";

    private static final int BACKLOG = 200;

    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final CallLog log = new CallLog();
    private volatile FaultProfile profile;
    private volatile boolean closed;

    /** Starts on a free port of the loopback interface. */
    public FaultServer(FaultProfile profile) {
        this.profile = profile;
        try {
            this.listening = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        start(this::accept);
    }

    /** Where it is, without a path. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort());
    }

    /** Forgets all calls; an outage begins now. */
    public void reset() {
        log.reset();
    }

    /** Changes how long faults last, for calls that come from now on. */
    public void profile(FaultProfile changed) {
        this.profile = changed;
    }

    /** Returns the calls since the reset, in the order of arrival. */
    public List<LoggedCall> calls() {
        return log.calls();
    }

    /** Returns the milliseconds since the reset, as the log counts them. */
    public double nowMillis() {
        return log.now();
    }

    /** Returns how many connections are open. */
    public int openConnections() {
        return open.size();
    }

    CallLog log() {
        return log;
    }

    FaultProfile profile() {
        return profile;
    }

    private void accept() {
        while (!closed) {
            try {
                Socket socket = listening.accept();
                open.add(socket);
                if (closed) {
                    socket.close();
                }
                start(() -> serve(socket));
            } catch (IOException stopped) {
                // Closed, or a client that left before it was accepted.
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            new FaultConnection(socket, this).serve();
        } catch (IOException gone) {
            // Between two calls a client may leave as it likes.
        } finally {
            open.remove(socket);
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "fault-server");
        thread.setDaemon(true);
        thread.start();
    }

    /** Closes every connection. */
    @Override
    public void close() {
        closed = true;
        try {
            listening.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}

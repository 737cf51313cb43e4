package dev.architect.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A network between clients and a PostgreSQL server that can fail: it refuses connections, cuts them, stalls, and cuts them in a commit, before or
 * after the server did it.
 *
 * <p>It listens on a port of 127.0.0.1 and forwards to the server. Connections are not encrypted: a client that asks for TLS hears that
 * there is none. Safe for use by several threads.
 */
public final class FaultProxy implements AutoCloseable {

    /** What happens to one commit. */
    public enum CommitFault {
        /** It goes through. */
        NONE,
        /** The connection is cut before the server sees the commit, so nothing of the transaction lasts. */
        CUT_BEFORE,
        /** The server commits, and the connection is cut before the client hears of it. */
        CUT_AFTER
    }

    /** Decides what happens to commits; called by several threads. */
    public interface CommitFaults {
        /**
         * What happens to a commit. A statement that changes something outside a transaction block counts as one too.
         *
         * @param number how many commits this proxy has seen, this one included
         * @param statements the SQL of the transaction, the committing statement included
         */
        CommitFault of(long number, List<String> statements);
    }

    private static final CommitFaults NO_FAULTS = (number, statements) -> CommitFault.NONE;

    private final InetSocketAddress server;
    private final int port;
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong commits = new AtomicLong();
    private final AtomicLong cuts = new AtomicLong();
    private final Object gate = new Object();

    private volatile CommitFaults faults = NO_FAULTS;
    private volatile boolean closed;
    private boolean stalled;
    private static final Duration BIND_PATIENCE = Duration.ofSeconds(10);

    private @Nullable ServerSocket listener;
    private @Nullable Socket reserved;

    private FaultProxy(InetSocketAddress server, ServerSocket listener) {
        this.server = server;
        this.port = listener.getLocalPort();
        this.listener = listener;
    }

    /** A proxy in front of a server, which forwards everything until told otherwise. */
    public static FaultProxy to(PostgresServer server) {
        try {
            var proxy = new FaultProxy(
                    new InetSocketAddress(server.host(), server.port()),
                    new ServerSocket(PostgresServer.freePort(), 200, InetAddress.getLoopbackAddress()));
            proxy.listen();
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen for a proxy", e);
        }
    }

    /** The URL of a database through this proxy. */
    public String jdbcUrl(PostgresDatabase database) {
        return database.jdbcUrl("127.0.0.1", port);
    }

    /** The port that it listens on, the same after {@link #refuse} and {@link #accept}. */
    public int port() {
        return port;
    }

    /** Decides what happens to commits from now on. */
    public void commitFaults(CommitFaults commitFaults) {
        faults = commitFaults;
    }

    /** Lets every commit through again. */
    public void noCommitFaults() {
        faults = NO_FAULTS;
    }

    /** How many commits were cut so far. */
    public long cuts() {
        return cuts.get();
    }

    /** How many connections it forwards now. */
    public int connections() {
        return connections.size();
    }

    /** Cuts every connection there is, in the middle of whatever it does; new ones are accepted. */
    public void cut() {
        connections.forEach(ProxiedConnection::cut);
    }

    /** Cuts every connection and refuses new ones, as a host without a server does. */
    public synchronized void refuse() {
        close(listener);
        listener = null;
        // Bound and not listening: nobody else gets the port meanwhile.
        cut();
        reserved = bound(address -> {
            Socket placeholder = new Socket();
            placeholder.setReuseAddress(true);
            placeholder.bind(address);
            return placeholder;
        });
    }

    /** Accepts connections again after {@link #refuse}. */
    public synchronized void accept() {
        if (listener == null && !closed) {
            close(reserved);
            reserved = null;
            listener = bound(address -> {
                ServerSocket accepting = new ServerSocket();
                accepting.setReuseAddress(true);
                accepting.bind(address, 200);
                return accepting;
            });
            listen();
        }
    }

    private interface Binder<T> {
        T bind(InetSocketAddress address) throws IOException;
    }

    /** Binds a socket to the port; the one before may hold it a moment longer. */
    private <T> T bound(Binder<T> binder) {
        long end = System.nanoTime() + BIND_PATIENCE.toNanos();
        while (true) {
            try {
                return binder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            } catch (IOException failure) {
                if (System.nanoTime() - end > 0) {
                    throw new UncheckedIOException("cannot bind port " + port, failure);
                }
                Thread.onSpinWait();
            }
        }
    }

    /** Forwards nothing in either direction until {@link #resume}; connections stay open and new ones hear nothing. */
    public void stall() {
        synchronized (gate) {
            stalled = true;
        }
    }

    /** Forwards again, what was held back first. */
    public void resume() {
        synchronized (gate) {
            stalled = false;
            gate.notifyAll();
        }
    }

    /** Cuts everything and stops listening. */
    @Override
    public void close() {
        closed = true;
        refuse();
        close(reserved);
        resume();
    }

    private synchronized void listen() {
        ServerSocket accepting = listener;
        if (accepting == null) {
            return;
        }
        daemon("fault-proxy-" + port, () -> {
            while (!accepting.isClosed()) {
                try {
                    open(accepting.accept());
                } catch (IOException e) {
                    // Closed, or the server does not listen: the client sees its connection end.
                }
            }
        });
    }

    private void open(Socket client) throws IOException {
        var upstream = new Socket();
        try {
            upstream.connect(server, 5_000);
        } catch (IOException e) {
            close(client);
            close(upstream);
            throw e;
        }
        var connection = new ProxiedConnection(this, client, upstream);
        connections.add(connection);
        connection.start();
    }

    void closed(ProxiedConnection connection) {
        connections.remove(connection);
    }

    CommitFault commit(List<String> statements) {
        CommitFault fault = faults.of(commits.incrementAndGet(), statements);
        if (fault != CommitFault.NONE) {
            cuts.incrementAndGet();
        }
        return fault;
    }

    void awaitResumed() throws InterruptedException {
        synchronized (gate) {
            while (stalled) {
                gate.wait();
            }
        }
    }

    static void daemon(String name, Runnable work) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    static void close(@Nullable AutoCloseable closeable) {
        if (closeable != null) {
            try {
                closeable.close();
            } catch (Exception e) {
                // It is to be gone, and it is.
            }
        }
    }
}

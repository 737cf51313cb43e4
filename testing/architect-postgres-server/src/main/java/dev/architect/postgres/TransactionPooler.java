package dev.architect.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A stand-in for a connection pooler in transaction mode, as PgBouncer's {@code pool_mode = transaction}: a client has a server connection from
 * the first statement of a transaction to its end, and another one for the next. So nothing that belongs to a session lasts: SET without LOCAL,
 * LISTEN, temporary tables, advisory locks of a session; what one client set is seen by others.
 *
 * <p>To show that reliably it gives a client the server connection that was longest unused. As PgBouncer does
 * it refuses startup parameters that it does not know (other than {@code extra_float_digits}, which its guide says to ignore), such as the search path of the
 * driver's {@code currentSchema}. A client's authentication is passed through to a server connection of its own, which then joins the pool.
 * All clients are expected to name the same database and user. Safe for use by several threads.
 */
public final class TransactionPooler implements AutoCloseable {

    /** What the pooler does with statements that a client prepared under a name. */
    public enum PreparedStatements {
        /** It prepares them on whichever server connection they run, as PgBouncer 1.21 and later. */
        TRACKED,
        /** It forwards names as they are, so a statement is known on one server connection only, as PgBouncer before 1.21. */
        UNTRACKED
    }

    private static final long WAIT_SECONDS = 20;

    private final InetSocketAddress server;
    private final PreparedStatements preparedStatements;
    private final int size;
    private final Set<String> ignoredParameters;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    private final Deque<PooledServer> idle = new ArrayDeque<>();
    private int open;

    private TransactionPooler(
            PostgresServer server,
            int size,
            PreparedStatements preparedStatements,
            Set<String> ignoredParameters,
            ServerSocket listener) {
        this.server = new InetSocketAddress(server.host(), server.port());
        this.size = size;
        this.preparedStatements = preparedStatements;
        this.ignoredParameters = Set.copyOf(ignoredParameters);
        this.listener = listener;
    }

    /**
     * A pooler in front of a server.
     *
     * @param size how many server connections it keeps
     * @param ignoredParameters startup parameters that it drops instead of refusing the client, as {@code ignore_startup_parameters}
     */
    public static TransactionPooler to(
            PostgresServer server, int size, PreparedStatements preparedStatements, Set<String> ignoredParameters) {
        if (size < 1) {
            throw new IllegalArgumentException("size is " + size + ", expected 1 or more");
        }
        try {
            var pooler = new TransactionPooler(
                    server,
                    size,
                    preparedStatements,
                    ignoredParameters,
                    new ServerSocket(PostgresServer.freePort(), 200, InetAddress.getLoopbackAddress()));
            FaultProxy.daemon("pooler-" + pooler.port(), pooler::listen);
            return pooler;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen for a pooler", e);
        }
    }

    /** The URL of a database through this pooler. */
    public String jdbcUrl(PostgresDatabase database) {
        return database.jdbcUrl("127.0.0.1", port());
    }

    /** The port of 127.0.0.1 that it listens on. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Ends all connections and stops listening. */
    @Override
    public void close() {
        FaultProxy.close(listener);
        sockets.forEach(FaultProxy::close);
    }

    private void listen() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                client.setTcpNoDelay(true);
                sockets.add(client);
                FaultProxy.daemon("pooler-client", () -> {
                    try {
                        new PoolerClient(this, client).run();
                    } finally {
                        sockets.remove(client);
                        FaultProxy.close(client);
                    }
                });
            } catch (IOException e) {
                // Closed, or the client went away again.
            }
        }
    }

    boolean ignores(String parameter) {
        return parameter.equals("extra_float_digits") || ignoredParameters.contains(parameter);
    }

    boolean tracksPreparedStatements() {
        return preparedStatements == PreparedStatements.TRACKED;
    }

    /** A new connection to the server, on which nothing was said yet. */
    PooledServer connect() throws IOException {
        var socket = new Socket();
        sockets.add(socket);
        socket.connect(server, 5_000);
        socket.setTcpNoDelay(true);
        return new PooledServer(socket);
    }

    /** Adds a connection that is authenticated and idle; one too many is closed. */
    synchronized void add(PooledServer connection) {
        if (open == size) {
            close(connection);
            return;
        }
        open++;
        idle.addLast(connection);
        notifyAll();
    }

    /** The connection that was unused the longest, or null when none gets free in time. */
    synchronized @Nullable PooledServer take() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (idle.isEmpty()) {
            long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            // With none open there is nothing to wait for; a client that connects brings one.
            if (millis <= 0 || open == 0) {
                return null;
            }
            wait(millis);
        }
        return idle.removeFirst();
    }

    /** Takes back a connection after a transaction. */
    synchronized void give(PooledServer connection) {
        idle.addLast(connection);
        notifyAll();
    }

    /** Forgets a connection that broke or was left inside a transaction. */
    synchronized void drop(PooledServer connection) {
        open--;
        close(connection);
        notifyAll();
    }

    private void close(PooledServer connection) {
        connection.close();
        sockets.remove(connection.socket());
    }
}

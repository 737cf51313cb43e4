package dev.architect.store.sqlite;

import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import dev.architect.spi.TimeSource;
import dev.architect.store.jdbi.CloseSequence;
import dev.architect.store.jdbi.ReadConnections;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConnection;

/**
 * A few connections that can only read. Each call borrows one; when all are in use, it waits up to the busy timeout. A query that
 * takes longer than the limit is interrupted. Safe for use by several threads.
 */
final class SqliteReadPool implements ReadConnections, ConnectionFactory, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteReadPool.class);

    /** How long a closing pool waits for a query to end, and again after it was interrupted. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);

    /** So many steps of SQLite's virtual machine, about a millisecond, pass between two looks at the time. */
    private static final int STEPS = 100_000;

    private final List<Connection> connections;
    private final CountDownLatch open;
    private final BlockingQueue<Connection> idle;
    private final SqliteErrorReader failures;
    private final StoreGuard guard;
    private final Duration busyTimeout;
    private final Duration queryLimit;
    private final Jdbi jdbi;
    private volatile boolean closed;

    SqliteReadPool(
            List<Connection> connections,
            SqliteErrorReader failures,
            StoreGuard guard,
            Duration busyTimeout,
            Duration queryLimit) {
        this.connections = List.copyOf(connections);
        this.open = new CountDownLatch(connections.size());
        this.idle = new ArrayBlockingQueue<>(connections.size(), false, connections);
        this.failures = failures;
        this.guard = guard;
        this.busyTimeout = busyTimeout;
        this.queryLimit = queryLimit;
        this.jdbi = Jdbi.create(this);
        // Our statements have no template attributes, and a "<" in them is a comparison, not the start of one.
        jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
        Map<Connection, KeptStatements> statements = new IdentityHashMap<>();
        connections.forEach(connection -> statements.put(connection, new KeptStatements()));
        jdbi.setStatementBuilderFactory(statements::get);
    }

    @Override
    public <T> T read(Function<Handle, T> query) {
        try (Handle handle = jdbi.open()) {
            return within(handle, query);
        } catch (JdbiException failure) {
            throw failures.toStoreException(failure);
        }
    }

    private <T> T within(Handle handle, Function<Handle, T> query) {
        // By the system's clock: it is the disk and the processor that take long, whatever clock a test moves.
        TimeSource time = TimeSource.system();
        long start = time.nanoTime();
        try {
            SQLiteConnection connection = handle.getConnection().unwrap(SQLiteConnection.class);
            ProgressHandler.setHandler(connection, STEPS, new ProgressHandler() {
                @Override
                protected int progress() {
                    return time.nanoTime() - start > queryLimit.toNanos() ? 1 : 0;
                }
            });
            try {
                return query.apply(handle);
            } finally {
                ProgressHandler.clearHandler(connection);
            }
        } catch (SQLException failure) {
            throw failures.toStoreException(failure);
        }
    }

    @Override
    public Connection openConnection() {
        if (closed) {
            throw new StoreException(Kind.CLOSED, "the store is closed, expected open", null);
        }
        guard.requireServing();
        // The plain poll comes first: a timed one throws for an interrupted caller even when a connection is idle.
        Connection connection = idle.poll();
        if (connection == null) {
            connection = pollWithinTimeout();
        }
        if (connection == null) {
            throw new StoreException(Kind.BUSY, "every reading connection is in use, expected a free one", null);
        }
        return connection;
    }

    private @Nullable Connection pollWithinTimeout() {
        try {
            return idle.poll(busyTimeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    @Override
    public void closeConnection(Connection connection) {
        idle.add(connection);
        // The pool may have closed between the borrowing and the add; then its own pass has missed this connection.
        if (closed) {
            Throwable failure = closeIdle();
            if (failure != null) {
                LOG.warn("a reading connection did not close: {}", failure.getMessage());
            }
        }
    }

    /**
     * Closes the connections. Waits for queries that run, and interrupts those that take longer than a few seconds; one that does
     * not end even then is closed when it comes back. The closing thread's interruption is kept.
     *
     * @throws StoreException when connections did not close; the others were closed all the same
     */
    @Override
    public void close() {
        // Before the idle ones are closed, so that one that is given back from now on is closed by its borrower.
        closed = true;
        Throwable failure = closeIdle();
        if (!areAllClosed()) {
            connections.forEach(this::interrupt);
            if (!areAllClosed()) {
                LOG.warn("{} queries did not end; the log of the database stays until they do", open.getCount());
            }
        }
        CloseSequence.rethrow("a reading connection", failure);
    }

    private boolean areAllClosed() {
        boolean interrupted = false;
        try {
            // By the system's clock: these are real queries, whatever clock a test moves.
            TimeSource time = TimeSource.system();
            long deadline = time.nanoTime() + CLOSE_TIMEOUT.toNanos();
            while (true) {
                try {
                    return open.await(deadline - time.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void interrupt(Connection connection) {
        try {
            if (!connection.isClosed()) {
                connection.unwrap(SQLiteConnection.class).getDatabase().interrupt();
            }
        } catch (SQLException ended) {
            LOG.debug("a query ended by itself: {}", ended.getMessage());
        }
    }

    /** Closes what is idle and returns the failures, null when there is none. */
    private @Nullable Throwable closeIdle() {
        Throwable first = null;
        List<Connection> drained = new ArrayList<>();
        idle.drainTo(drained);
        for (Connection connection : drained) {
            try {
                connection.close();
            } catch (Throwable failure) {
                first = CloseSequence.joined(first, failure);
            } finally {
                open.countDown();
            }
        }
        return first;
    }
}

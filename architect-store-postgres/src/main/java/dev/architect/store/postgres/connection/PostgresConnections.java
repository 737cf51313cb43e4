package dev.architect.store.postgres.connection;

import com.zaxxer.hikari.HikariDataSource;
import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import dev.architect.spi.TimeSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of a store, from a pool of its own or from the host's. Each is borrowed for one transaction. Every use has its own number
 * of them, so that lists and reports never keep the task engine waiting. While the database cannot be reached, a borrower waits for it
 * up to the busy timeout. Safe for use by several threads.
 */
@SuppressWarnings("try")
public final class PostgresConnections implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresConnections.class);

    /** How long the node's beats wait: well below the time of a lease. */
    private static final Duration NODE_LIMIT = Duration.ofSeconds(3);

    /** The longest pause between two attempts to connect. */
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

    /** How long closing waits for calls in progress, and again after their connections were cut. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);

    // By the system's clock: these are real connections, whatever clock a test moves.
    private final TimeSource time = TimeSource.system();
    private final DataSource source;
    private final AutoCloseable pool;
    private final SessionSettings settings;
    private final PostgresErrorReader failures;
    private final Duration busyTimeout;
    private final PrimaryHistory history;
    private final Map<ConnectionUse, Semaphore> permits = new EnumMap<>(ConnectionUse.class);
    private final Set<BorrowedConnection> inUse = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Creates the connections of a store.
     *
     * @param source gives them out
     * @param pool is closed with the store
     * @param history judges the server behind each connection before its first use
     * @param count how many may be in use at a time
     */
    public PostgresConnections(
            DataSource source,
            AutoCloseable pool,
            SessionSettings settings,
            PostgresErrorReader failures,
            PrimaryHistory history,
            Duration busyTimeout,
            int count) {
        this.history = history;
        this.source = source;
        this.pool = pool;
        this.settings = settings;
        this.failures = failures;
        this.busyTimeout = busyTimeout;
        for (ConnectionUse use : ConnectionUse.values()) {
            permits.put(use, new Semaphore(use.shareOf(count)));
        }
    }

    public SessionSettings settings() {
        return settings;
    }

    public PostgresErrorReader failures() {
        return failures;
    }

    public boolean isClosed() {
        return closed;
    }

    /** How long a call for {@code use} goes on trying. */
    public Duration limit(ConnectionUse use) {
        return use == ConnectionUse.NODE && busyTimeout.compareTo(NODE_LIMIT) > 0 ? NODE_LIMIT : busyTimeout;
    }

    /**
     * Borrows a connection, which is to be closed. Waits for one, and for a database that cannot be reached.
     *
     * @param deadline until when, by the system's {@code nanoTime}
     * @throws StoreException {@code BUSY} when there is none by then or the thread is interrupted while it waits; the interruption is kept
     */
    public BorrowedConnection borrow(ConnectionUse use, long deadline) {
        requireOpen();
        Semaphore permit = permits(use);
        // The plain attempt comes first: a timed one throws for an interrupted caller even when a connection is free.
        if (!permit.tryAcquire() && !acquire(permit, deadline)) {
            throw new StoreException(
                    Kind.BUSY,
                    "all " + use.name().toLowerCase(Locale.ROOT) + " connections to " + failures.subject()
                            + " are in use, expected a free one",
                    null);
        }
        try {
            return taken(connect(deadline), permit, use);
        } catch (Throwable failure) {
            permit.release();
            throw failure;
        }
    }

    private Semaphore permits(ConnectionUse use) {
        Semaphore permit = permits.get(use);
        if (permit == null) {
            throw new IllegalStateException(use + " has no connections, expected some");
        }
        return permit;
    }

    private boolean acquire(Semaphore permit, long deadline) {
        try {
            return permit.tryAcquire(deadline - time.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private BorrowedConnection taken(Connection connection, Semaphore permit, ConnectionUse use) {
        BorrowedConnection[] itself = new BorrowedConnection[1];
        BorrowedConnection borrowed;
        try {
            borrowed = new BorrowedConnection(connection, settings, () -> {
                inUse.remove(itself[0]);
                permit.release();
            });
        } catch (SQLException broken) {
            closeQuietly(connection);
            throw failures.toStoreException(broken);
        }
        itself[0] = borrowed;
        inUse.add(borrowed);
        if (use == ConnectionUse.NODE) {
            borrowed.limitSilence(NODE_LIMIT);
        }
        return borrowed;
    }

    private Connection connect(long deadline) {
        for (int attempt = 0; ; attempt++) {
            try {
                return verified(source.getConnection());
            } catch (SQLException failure) {
                requireOpen();
                if (Thread.currentThread().isInterrupted()) {
                    throw new StoreException(Kind.BUSY, "interrupted while waiting for a connection", failure);
                }
                if (!failures.isConnectionLost(failure) || !pauses(attempt, deadline)) {
                    throw failures.toStoreException(failure);
                }
            }
        }
    }

    /** A connection that must not be used is cut, so that no pool gives it out again. */
    private Connection verified(Connection connection) throws SQLException {
        try {
            history.verify(connection);
            return connection;
        } catch (SQLException | RuntimeException failure) {
            discard(connection);
            throw failure;
        }
    }

    /** Gives back a connection that is good, but leads to the wrong server, so that no pool gives it out again. */
    void discard(Connection connection) {
        if (source instanceof HikariDataSource hikari) {
            // Closes it; to close it once more is an error there.
            hikari.evictConnection(connection);
            return;
        }
        try {
            connection.abort(Runnable::run);
        } catch (SQLException gone) {
            LOG.debug("a connection was gone already: {}", gone.getMessage());
        }
        closeQuietly(connection);
    }

    /** Cuts the connections in use that lead to a server which is refused by now. */
    void abortStale() {
        for (BorrowedConnection borrowed : inUse) {
            if (history.isStale(borrowed.connection())) {
                borrowed.abort();
            }
        }
    }

    /**
     * Waits before the next of several attempts, longer from one to the next and never as long as another thread.
     *
     * @return false when the deadline comes first, or the thread is interrupted, which is kept
     */
    public boolean pauses(int attempt, long deadline) {
        long longest = Math.min(LONGEST_PAUSE.toNanos(), Duration.ofMillis(2).toNanos() << Math.min(attempt, 10));
        long pause = longest / 2 + time.random(longest / 2);
        if (time.nanoTime() + pause - deadline > 0) {
            return false;
        }
        try {
            time.sleep(Duration.ofNanos(pause));
            return true;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new StoreException(Kind.CLOSED, "the store is closed, expected open", null);
        }
    }

    /** Waits for calls in progress, cuts those that take longer than a few seconds, and closes the pool. */
    @Override
    public void close() throws Exception {
        closed = true;
        if (!areAllReturned()) {
            inUse.forEach(BorrowedConnection::abort);
            if (!areAllReturned()) {
                LOG.warn("{} calls to {} did not end", inUse.size(), failures.subject());
            }
        }
        pool.close();
    }

    private boolean areAllReturned() {
        long deadline = time.nanoTime() + CLOSE_TIMEOUT.toNanos();
        boolean interrupted = false;
        try {
            while (!inUse.isEmpty() && time.nanoTime() - deadline < 0) {
                try {
                    time.sleep(Duration.ofMillis(5));
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
            return inUse.isEmpty();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException gone) {
            LOG.debug("a broken connection did not close: {}", gone.getMessage());
        }
    }
}

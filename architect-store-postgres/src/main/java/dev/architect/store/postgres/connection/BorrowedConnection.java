package dev.architect.store.postgres.connection;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection for one transaction. Closing it rolls back what was not committed, restores what was changed on the connection, and gives it
 * back. Used by one thread, except for {@link #abort}.
 */
public final class BorrowedConnection implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BorrowedConnection.class);

    private static final int UNCHANGED = Integer.MIN_VALUE;

    private final Connection connection;
    private final SessionSettings settings;
    private final Runnable returned;
    private final boolean wasAutoCommit;
    private final boolean wasReadOnly;
    private final boolean wasInterrupted;
    private final int prepareThreshold;
    private int networkTimeout = UNCHANGED;
    private boolean isInTransaction;
    private boolean isDiscarded;
    private boolean isClosed;

    /**
     * Takes over {@code connection}.
     *
     * @param returned is run when it has been given back
     */
    public BorrowedConnection(Connection connection, SessionSettings settings, Runnable returned) throws SQLException {
        this.connection = connection;
        this.settings = settings;
        this.returned = returned;
        this.wasAutoCommit = connection.getAutoCommit();
        this.wasReadOnly = connection.isReadOnly();
        this.prepareThreshold = settings.isPooled() ? neverPrepare(connection) : UNCHANGED;
        // Kept back while it is used: on a virtual thread, an interruption closes the socket that the thread reads
        // from.
        this.wasInterrupted = Thread.interrupted();
    }

    private static int neverPrepare(Connection connection) throws SQLException {
        PGConnection driver = connection.unwrap(PGConnection.class);
        int before = driver.getPrepareThreshold();
        driver.setPrepareThreshold(0);
        return before;
    }

    public Connection connection() {
        return connection;
    }

    /** Makes calls fail when the server has not answered for so long. */
    public void limitSilence(Duration duration) {
        try {
            int before = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, Math.toIntExact(duration.toMillis()));
            networkTimeout = before;
        } catch (SQLException notSupported) {
            LOG.debug("the connection has no limit for silence: {}", notSupported.getMessage());
        }
    }

    public void beginWrite() throws SQLException {
        begin();
        settings.beginWrite(connection);
    }

    public void beginRead() throws SQLException {
        begin();
        settings.beginRead(connection);
    }

    private void begin() throws SQLException {
        if (wasReadOnly) {
            connection.setReadOnly(false);
        }
        if (wasAutoCommit) {
            connection.setAutoCommit(false);
        }
        isInTransaction = true;
    }

    /** For single statements that are transactions of their own. */
    public void commitEachStatement() throws SQLException {
        if (!wasAutoCommit) {
            connection.setAutoCommit(true);
        }
    }

    /** Commits. When this throws, it may have been kept all the same. */
    public void commit() throws SQLException {
        connection.commit();
        isInTransaction = false;
    }

    public void rollBack() throws SQLException {
        if (isInTransaction) {
            isInTransaction = false;
            connection.rollback();
        }
    }

    /** Makes the pool throw the connection away when it is given back. May be called by any thread. */
    public void abort() {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException gone) {
            LOG.debug("a connection was gone already: {}", gone.getMessage());
        }
    }

    /** Does not give it back, but away: {@code to} closes it. */
    void discard(Consumer<Connection> to) {
        isDiscarded = true;
        to.accept(connection);
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try {
            if (!isDiscarded) {
                restore();
            }
        } finally {
            returned.run();
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @SuppressWarnings("try")
    private void restore() {
        try (connection) {
            rollBack();
            if (networkTimeout != UNCHANGED) {
                connection.setNetworkTimeout(Runnable::run, networkTimeout);
            }
            if (prepareThreshold != UNCHANGED) {
                connection.unwrap(PGConnection.class).setPrepareThreshold(prepareThreshold);
            }
            if (connection.getAutoCommit() != wasAutoCommit) {
                connection.setAutoCommit(wasAutoCommit);
            }
            if (connection.isReadOnly() != wasReadOnly) {
                connection.setReadOnly(wasReadOnly);
            }
        } catch (SQLException broken) {
            // Its next user finds it broken as well; a pool checks it before it is borrowed.
            LOG.debug("a connection was given back broken: {}", broken.getMessage());
        }
    }
}

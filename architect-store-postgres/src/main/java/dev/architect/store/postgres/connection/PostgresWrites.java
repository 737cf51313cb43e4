package dev.architect.store.postgres.connection;

import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import dev.architect.spi.TimeSource;
import dev.architect.store.jdbi.SqlDialect;
import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.store.jdbi.WriteConnection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Makes each change in a transaction of its own, on the caller's thread. A transaction that another one was in the way of, or whose
 * connection was lost before its commit was sent, is made again as a whole. When the connection is lost after that, it is unknown whether the
 * change was kept, and the caller gets {@code OUTCOME_UNKNOWN}. Safe for use by several threads.
 */
public final class PostgresWrites implements TransactionalWrites {

    /** So often a change is tried that others are always in the way of. */
    private static final int MAX_CONFLICTS = 12;

    private final TimeSource time = TimeSource.system();
    private final PostgresConnections connections;
    private final ConnectionUse use;
    private final SqlDialect dialect;

    public PostgresWrites(PostgresConnections connections, ConnectionUse use, SqlDialect dialect) {
        this.connections = connections;
        this.dialect = dialect;
        this.use = use;
    }

    @Override
    public <T extends @Nullable Object> T write(Body<T> body) {
        long deadline = time.nanoTime() + connections.limit(use).toNanos();
        for (int attempt = 0; ; attempt++) {
            try {
                return once(body, deadline);
            } catch (Repeatable failure) {
                if (connections.isClosed()) {
                    throw new StoreException(Kind.CLOSED, "the store is closed, expected open", failure.cause);
                }
                if ((failure.isConflict && attempt + 1 >= MAX_CONFLICTS) || !connections.pauses(attempt, deadline)) {
                    throw connections.failures().toStoreException(failure.cause);
                }
            }
        }
    }

    private <T extends @Nullable Object> T once(Body<T> body, long deadline) throws Repeatable {
        try (BorrowedConnection borrowed = connections.borrow(use, deadline)) {
            T result = run(body, borrowed);
            try {
                borrowed.commit();
            } catch (SQLException failure) {
                if (connections.failures().isOutcomeUnknown(failure)) {
                    borrowed.abort();
                    throw connections.failures().commitFailure(failure);
                }
                throw failed(failure, borrowed);
            }
            return result;
        }
    }

    private <T extends @Nullable Object> T run(Body<T> body, BorrowedConnection borrowed) throws Repeatable {
        // Closed before the commit, so that none is open when the connection goes back; the driver keeps them prepared.
        try {
            borrowed.beginWrite();
            WriteConnection sql = new WriteConnection(borrowed.connection(), dialect);
            try {
                T result = body.run(sql);
                sql.logChanges();
                return result;
            } finally {
                sql.closeStatements();
            }
        } catch (SQLException | RuntimeException failure) {
            throw failed(failure, borrowed);
        }
    }

    /** Returns what to throw for a failure before the commit, after which nothing is kept. */
    private Repeatable failed(Exception failure, BorrowedConnection borrowed) {
        PostgresErrorReader failures = connections.failures();
        boolean isConflict = failures.isConflict(failure);
        boolean isLost = failures.isConnectionLost(failure);
        if (PostgresErrorReader.find(failure) instanceof StaleServerException) {
            borrowed.discard(connections::discard);
        } else if (isLost || failures.isStalePlan(failure)) {
            // A server that has become a standby keeps its connections, and a stale plan stays prepared.
            borrowed.abort();
        }
        if (isConflict || isLost) {
            return new Repeatable(failure, isConflict);
        }
        if (failure instanceof RuntimeException own && PostgresErrorReader.find(failure) == null) {
            throw own;
        }
        throw failures.toStoreException(failure);
    }

    /** The same transaction may succeed. */
    private static final class Repeatable extends Exception {

        private static final long serialVersionUID = 1L;

        private final Exception cause;
        private final boolean isConflict;

        Repeatable(Exception cause, boolean isConflict) {
            super(cause.getMessage(), cause, false, false);
            this.cause = cause;
            this.isConflict = isConflict;
        }
    }
}

package dev.architect.store.postgres.connection;

import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import dev.architect.spi.TimeSource;
import dev.architect.store.jdbi.ReadConnections;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Function;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Handles;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;

/**
 * Reads on the caller's thread. All statements of a query see the same rows, except for the engine's and the nodes', which are single statements. A
 * query whose connection is lost is made again; one that takes longer than the store's limit is ended by the database. Safe for use by
 * several threads.
 */
public final class PostgresReads implements ReadConnections {

    private final TimeSource time = TimeSource.system();
    private final PostgresConnections connections;
    private final ConnectionUse use;
    private final LentConnection lent = new LentConnection();
    private final Jdbi jdbi = Jdbi.create(lent);

    public PostgresReads(PostgresConnections connections, ConnectionUse use) {
        this.connections = connections;
        this.use = use;
        // Our statements have no template attributes, and a "<" in them is a comparison, not the start of one.
        jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
        // The transaction around a query is ours.
        jdbi.getConfig(Handles.class).setForceEndTransactions(false);
    }

    @Override
    public <T> T read(Function<Handle, T> query) {
        long deadline = time.nanoTime() + connections.limit(use).toNanos();
        for (int attempt = 0; ; attempt++) {
            Exception failure;
            try (BorrowedConnection borrowed = connections.borrow(use, deadline)) {
                try {
                    return once(query, borrowed);
                } catch (SQLException | JdbiException failed) {
                    failure = failed;
                    if (connections.failures().isConnectionLost(failed)
                            || connections.failures().isStalePlan(failed)) {
                        borrowed.abort();
                    } else if (!connections.failures().isConflict(failed)) {
                        throw connections.failures().toStoreException(failed);
                    }
                }
            }
            if (connections.isClosed()) {
                throw new StoreException(Kind.CLOSED, "the store is closed, expected open", failure);
            }
            if (!connections.pauses(attempt, deadline)) {
                throw connections.failures().toStoreException(failure);
            }
        }
    }

    private <T> T once(Function<Handle, T> query, BorrowedConnection borrowed) throws SQLException {
        // One statement needs no transaction, which would cost two more round trips.
        boolean isInTransaction = use == ConnectionUse.PAGES
                || use == ConnectionUse.REPORTS
                || connections.settings().isPerTransaction();
        if (isInTransaction) {
            borrowed.beginRead();
        }
        T result;
        try (Handle handle = lent.open(jdbi, borrowed.connection())) {
            result = query.apply(handle);
        }
        if (isInTransaction) {
            borrowed.commit();
        }
        return result;
    }

    /** Gives Jdbi the connection that was borrowed, and leaves it open. */
    private static final class LentConnection implements ConnectionFactory {

        private final ThreadLocal<Connection> current = new ThreadLocal<>();

        Handle open(Jdbi jdbi, Connection connection) {
            current.set(connection);
            try {
                return jdbi.open();
            } finally {
                current.remove();
            }
        }

        @Override
        public Connection openConnection() {
            return current.get();
        }

        @Override
        public void closeConnection(Connection connection) {
            // The borrower closes it.
        }
    }
}

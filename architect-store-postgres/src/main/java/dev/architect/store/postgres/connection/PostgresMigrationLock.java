package dev.architect.store.postgres.connection;

import dev.architect.spi.TimeSource;
import dev.architect.store.jdbi.schema.Migrator;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One migrator at a time, by rows of a table that migrators lock. The table and, if need be, the schema are created in the transaction of the
 * first migration, so that a failed one leaves nothing. Two that begin on an empty database at once collide there; the one that loses
 * begins again.
 *
 * <p>Steps outside a transaction have a row of their own, which a second connection keeps locked: it is free when the process or its
 * connection ends.
 */
public final class PostgresMigrationLock implements Migrator.Lock {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresMigrationLock.class);

    private static final int IN_TRANSACTION = 1;
    private static final int OUTSIDE = 2;

    /** What a transaction meets that creates what another one has just created: unique names, an existing table or schema. */
    private static final Set<String> COLLISIONS = Set.of("23505", "42P07", "42P06", "40P01", "40001", "XX000");

    /** Each round is lost to another migrator, which then has created everything. */
    private static final int MAX_ROUNDS = 20;

    private static final String LOCKED = "55P03";
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final TimeSource time = TimeSource.system();
    private final SessionSettings settings;
    private final DataSource source;
    private final boolean createsSchema;

    /**
     * Creates the lock.
     *
     * @param source of the second connection
     * @param createsSchema whether the schema is to be created when it does not exist
     */
    public PostgresMigrationLock(SessionSettings settings, DataSource source, boolean createsSchema) {
        this.settings = settings;
        this.source = source;
        this.createsSchema = createsSchema;
    }

    @Override
    public void begin(Connection connection) throws SQLException {
        begin(connection, IN_TRANSACTION, "");
    }

    private void begin(Connection connection, int row, String wait) throws SQLException {
        for (int round = 1; ; round++) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
                settings.beginMigration(connection);
                if (createsSchema) {
                    statement.execute("CREATE SCHEMA IF NOT EXISTS " + settings.quotedSchema());
                }
                lock(statement, row, wait);
                return;
            } catch (SQLException failure) {
                rollBackBecauseOf(failure, connection);
                if (round == MAX_ROUNDS || !COLLISIONS.contains(PostgresErrorReader.state(failure))) {
                    throw failure;
                }
                LOG.debug("another migrator was first: {}", failure.getMessage());
            }
        }
    }

    private static void lock(Statement statement, int row, String wait) throws SQLException {
        // Looked for first: creating it needs a right, even when it exists.
        try (ResultSet found = statement.executeQuery("SELECT to_regclass('architect_migration_lock') IS NULL")) {
            if (found.next() && found.getBoolean(1)) {
                statement.execute("CREATE TABLE architect_migration_lock (id integer PRIMARY KEY)");
            }
        }
        statement.execute("INSERT INTO architect_migration_lock (id) VALUES (" + row + ") ON CONFLICT (id) DO NOTHING");
        statement.execute("SELECT id FROM architect_migration_lock WHERE id = " + row + " FOR UPDATE" + wait);
        // Any statement that has no snapshot: until the next one, the server keeps that of the query, which a
        // concurrent index would wait for.
        statement.execute("SET LOCAL statement_timeout = 0");
    }

    private void rollBackBecauseOf(SQLException failure, Connection connection) {
        try {
            rollBack(connection);
        } catch (SQLException another) {
            failure.addSuppressed(another);
        }
    }

    @Override
    public Held acquire(Connection connection) throws SQLException {
        Connection second = source.getConnection();
        try {
            boolean wasAutoCommit = second.getAutoCommit();
            second.setAutoCommit(true);
            // With a row that is committed, so that none of those who come waits for its insertion.
            begin(second, OUTSIDE, " SKIP LOCKED");
            commit(second);
            beginOutside(second);
            String path = SessionSettings.searchPath(connection);
            SessionSettings.setSearchPath(connection, settings.searchPath(), false);
            return () -> {
                try (second) {
                    leave(connection, path, second, wasAutoCommit);
                }
            };
        } catch (SQLException | RuntimeException failure) {
            try {
                second.close();
            } catch (SQLException another) {
                failure.addSuppressed(another);
            }
            throw failure;
        }
    }

    /**
     * Asks for the lock again and again instead of waiting in the server: a statement that waits there has a snapshot, and what runs outside
     * of transactions, such as a concurrent index, waits for all older snapshots in its turn.
     */
    private void beginOutside(Connection second) throws SQLException {
        long deadline = time.nanoTime() + settings.lockTimeout().toNanos();
        while (true) {
            try {
                begin(second, OUTSIDE, " NOWAIT");
                return;
            } catch (SQLException failure) {
                if (!PostgresErrorReader.state(failure).equals(LOCKED) || time.nanoTime() - deadline > 0) {
                    throw failure;
                }
                pauseBecauseOf(failure);
            }
        }
    }

    private void pauseBecauseOf(SQLException failure) throws SQLException {
        try {
            time.sleep(PAUSE);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw failure;
        }
    }

    private void leave(Connection connection, String path, Connection second, boolean wasAutoCommit)
            throws SQLException {
        try {
            SessionSettings.setSearchPath(connection, path, false);
        } finally {
            rollBack(second);
            second.setAutoCommit(wasAutoCommit);
        }
    }
}

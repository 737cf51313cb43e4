package dev.architect.store.sqlite;

import dev.architect.store.jdbi.schema.Migrator;
import dev.architect.store.sqlite.BusyRetry.SqlCall;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * Migrators of one SQLite file: a transaction that has begun with {@code IMMEDIATE} is the only one that writes. For steps outside
 * a transaction, the same lock is taken on an empty file beside the database, which stays: the operating system frees its lock
 * however a process ends, and deleting it could let two processes lock two files of one name.
 */
final class SqliteMigrationLock implements Migrator.Lock {

    private final SqlCall<Connection> openLockFile;
    private final Duration busyTimeout;
    private final SqliteErrorReader failures;

    SqliteMigrationLock(SqlCall<Connection> openLockFile, Duration busyTimeout, SqliteErrorReader failures) {
        this.openLockFile = openLockFile;
        this.busyTimeout = busyTimeout;
        this.failures = failures;
    }

    @Override
    public void begin(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            BusyRetry.beginImmediate(statement, busyTimeout, failures);
        }
    }

    @Override
    public Held acquire(Connection connection) throws SQLException {
        Connection lockFile = openLockFile.run();
        try {
            begin(lockFile);
        } catch (Throwable failure) {
            try {
                lockFile.close();
            } catch (SQLException another) {
                failure.addSuppressed(another);
            }
            throw failure;
        }
        // Closing rolls back, which frees the lock.
        return lockFile::close;
    }
}

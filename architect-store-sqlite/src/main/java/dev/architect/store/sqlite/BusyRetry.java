package dev.architect.store.sqlite;

import dev.architect.spi.TimeSource;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * Repeats a statement while another process has the database. The busy timeout of the connection, a few milliseconds, waits
 * within SQLite; here it is repeated until the busy timeout of the store is over. By the system's clock: the other process has
 * no other.
 */
final class BusyRetry {

    private BusyRetry() {}

    /** A statement that fails while another process has the database. */
    @FunctionalInterface
    interface SqlCall<T> {
        T run() throws SQLException;
    }

    static void beginImmediate(Statement statement, Duration busyTimeout, SqliteErrorReader failures)
            throws SQLException {
        retryWhileBusy(() -> statement.execute("BEGIN IMMEDIATE"), busyTimeout, failures);
    }

    static <T> T retryWhileBusy(SqlCall<T> call, Duration busyTimeout, SqliteErrorReader failures) throws SQLException {
        TimeSource time = TimeSource.system();
        long deadline = time.nanoTime() + busyTimeout.toNanos();
        // No pause between attempts: each one already waits inside SQLite, which notices a free database sooner.
        while (true) {
            try {
                return call.run();
            } catch (SQLException failure) {
                // As a difference, because nanoTime may overflow.
                if (!failures.isBusy(failure) || time.nanoTime() - deadline > 0) {
                    throw failure;
                }
            }
        }
    }
}

package dev.architect.store.sqlite;

import dev.architect.spi.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mark of a database file that was closed in order and that nothing has changed since. It makes a file that was not closed
 * so, or was touched afterwards, be checked before it is served.
 *
 * <p>The mark is a number in the header of the file, SQLite's {@code user_version}, which is zero while the store is open. It is
 * derived from the time of the file's last change, which is set to the same value, to the millisecond. A mark is valid only
 * when both agree and the file has no log. That is never so by mistake:
 *
 * <ol>
 *   <li>It is written by the last process that has the file, under SQLite's exclusive lock, after the whole log is in the file.
 *       While another process has the file, the lock is refused, and there is no mark.
 *   <li>It is removed by a commit before anything else is written. When that commit is lost with the power, so is everything
 *       after it: SQLite writes the log to disk before it changes the file.
 *   <li>Every later change of the file, by SQLite or by others, also moves the time of its last change. A copy that is made while
 *       the store is open has another time or a zero, whether its log was copied or not.
 * </ol>
 *
 * <p>When the time is changed and the contents are not, the only cost is a check.
 */
final class CleanStop {

    private static final Logger LOG = LoggerFactory.getLogger(CleanStop.class);

    private static final int NANOS_PER_MILLI = 1_000_000;

    private CleanStop() {}

    /**
     * The mark that the file would have if nothing had changed it since it was closed in order, 0 when it cannot have one. To be read
     * before a connection is opened: what happens in between makes the two differ.
     */
    static int expectedMark(Path file) {
        try {
            Path log = file.resolveSibling(file.getFileName() + "-wal");
            if (Files.exists(log) && Files.size(log) > 0) {
                return 0;
            }
            FileTime changed = Files.getLastModifiedTime(file);
            return changed.toInstant().getNano() % NANOS_PER_MILLI == 0 ? mark(changed.toMillis()) : 0;
        } catch (IOException unknown) {
            return 0;
        }
    }

    /** Whether the file that {@code statement} reads has the mark {@code expected}. */
    static boolean isMarked(Statement statement, int expected) throws SQLException {
        return expected != 0 && readMark(statement) == expected;
    }

    /** Removes the mark in a transaction of its own; the caller writes nothing before. */
    static void remove(Statement statement) throws SQLException {
        if (readMark(statement) != 0) {
            statement.execute("PRAGMA user_version = 0");
        }
    }

    /**
     * Moves the whole log into the file and marks it, when this connection is the only one to it. False when it is not: then nothing
     * was changed. The connection keeps the file for itself until it is closed, which must follow.
     */
    static boolean leave(Path file, Statement statement) throws SQLException {
        statement.execute("PRAGMA locking_mode = EXCLUSIVE");
        // Leaving the log is what SQLite allows to the only user of a file, and it moves the log into the file.
        if (!string(statement, "PRAGMA journal_mode = DELETE").equals("delete")) {
            statement.execute("PRAGMA locking_mode = NORMAL");
            return false;
        }
        // By the system's clock: it becomes the time of the file, whatever clock a test moves.
        long millis = TimeSource.system().wallTime().toEpochMilli();
        statement.execute("PRAGMA user_version = " + mark(millis));
        // Back to the mode in which other programs find the file. There is nothing in the log, so closing writes
        // nothing.
        string(statement, "PRAGMA journal_mode = WAL");
        // Sets the time by name. The way over attribute views would open the file, and closing it would drop its locks.
        if (!file.toFile().setLastModified(millis)) {
            LOG.debug("the time of {} cannot be set, so it is checked when it is opened again", file);
        }
        return true;
    }

    /** The low 31 bits, which count for 24 days, and never zero. */
    private static int mark(long millis) {
        int low = (int) (millis & Integer.MAX_VALUE);
        return low == 0 ? 1 : low;
    }

    private static int readMark(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("PRAGMA user_version")) {
            return row.next() ? row.getInt(1) : 0;
        }
    }

    private static String string(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : "";
        }
    }
}

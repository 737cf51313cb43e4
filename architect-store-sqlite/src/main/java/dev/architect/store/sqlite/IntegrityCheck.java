package dev.architect.store.sqlite;

import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import dev.architect.spi.TimeSource;
import dev.architect.store.sqlite.BusyRetry.SqlCall;
import dev.architect.thread.ThreadRunner;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConnection;

/**
 * Checks every page of the database on a thread and a connection of its own while the store serves. What it finds makes the
 * store refuse every further call.
 *
 * <p>A large file is checked in portions, the free pages first and then each table with its indexes. While a portion runs, SQLite
 * keeps the log from being reused, so after each one the check rests as long as the portion took: the log is cut back meanwhile, and
 * at most half of one core is used. The largest table is one portion; it takes about two seconds for each gigabyte that is in
 * memory, and as long as the disk needs otherwise.
 */
final class IntegrityCheck implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(IntegrityCheck.class);

    /** Up to this size, all of the file is one portion, which also finds pages that two tables use. */
    private static final long WHOLE_LIMIT_BYTES = 64 << 20;

    /** What the user can do about a damaged file. */
    static final String ADVICE =
            "; stop every process that uses it, then restore a copy, or recover what is readable into a new"
                    + " file with the command .recover of sqlite3";

    private final Path path;
    private final SqlCall<Connection> open;
    private final StoreGuard guard;
    private final SqliteErrorReader failures;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Object interrupting = new Object();
    private @Nullable Connection reading;
    private volatile boolean started;
    private volatile boolean passed;
    private volatile @Nullable String finding;

    IntegrityCheck(Path path, SqlCall<Connection> open, StoreGuard guard, SqliteErrorReader failures) {
        this.path = path;
        this.open = open;
        this.guard = guard;
        this.failures = failures;
    }

    void start(ThreadRunner runner) {
        runner.startPlatform("check", this::run);
        started = true;
    }

    /** Waits for the end of the check; false when it takes longer. An interruption ends the wait and is kept. */
    boolean await(Duration timeout) {
        try {
            return ended.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Whether everything was checked and found in order. */
    boolean hasPassed() {
        return passed;
    }

    /** The damage that was found, null when there is none so far. */
    @Nullable
    String finding() {
        return finding;
    }

    private void run() {
        try (Connection connection = open.run();
                Statement statement = connection.createStatement()) {
            setReading(connection);
            try {
                passed = checkAll(statement);
            } finally {
                setReading(null);
            }
        } catch (SQLException failure) {
            fail(failure);
        } finally {
            ended.countDown();
        }
    }

    private boolean checkAll(Statement statement) throws SQLException {
        TimeSource time = TimeSource.system();
        for (String portion : portions(statement)) {
            long start = time.nanoTime();
            String result = string(statement, "PRAGMA quick_check" + portion);
            if (!result.equals("ok")) {
                found(oneLine(result));
                return false;
            }
            if (rests(time.nanoTime() - start)) {
                return false;
            }
        }
        return true;
    }

    /** True when the check is to end. */
    private boolean rests(long nanos) {
        try {
            return stopping.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private static List<String> portions(Statement statement) throws SQLException {
        long bytes = Long.parseLong(string(statement, "PRAGMA page_count"))
                * Long.parseLong(string(statement, "PRAGMA page_size"));
        if (bytes <= WHOLE_LIMIT_BYTES) {
            // One finding is enough to reject the file, so the check stops at the first.
            return List.of("(1)");
        }
        List<String> portions = new ArrayList<>();
        // The portion of the schema is the one that covers the free pages.
        portions.add("('sqlite_schema')");
        try (ResultSet row = statement.executeQuery("SELECT name FROM sqlite_schema WHERE type = 'table'")) {
            while (row.next()) {
                portions.add("('" + row.getString(1).replace("'", "''") + "')");
            }
        }
        return portions;
    }

    private void fail(SQLException failure) {
        if (stopping.getCount() == 0) {
            return;
        }
        StoreException mapped = failures.openFailure(failure);
        if (mapped.kind() == Kind.CORRUPT || mapped.kind() == Kind.INACCESSIBLE) {
            found(String.valueOf(failure.getMessage()));
        } else {
            LOG.warn("{} could not be checked for damage: {}", path, failure.getMessage());
        }
    }

    private void found(String damage) {
        finding = damage;
        guard.refuse(new StoreException(Kind.CORRUPT, path + " is damaged: " + damage + ADVICE, null));
    }

    private void setReading(@Nullable Connection connection) {
        synchronized (interrupting) {
            reading = connection;
        }
    }

    /** Ends the check and waits until its connection is closed. */
    @Override
    public void close() throws SQLException {
        stopping.countDown();
        synchronized (interrupting) {
            // Under the lock, so that the connection is not closed meanwhile. It only sets a flag of SQLite.
            if (reading != null) {
                reading.unwrap(SQLiteConnection.class).getDatabase().interrupt();
            }
        }
        // SQLite looks at the flag every few pages.
        if (started && !await(Duration.ofSeconds(5))) {
            LOG.warn("the check of {} did not end; its connection stays open until it does", path);
        }
    }

    private static String string(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : "";
        }
    }

    private static String oneLine(String finding) {
        // SQLite's heading names its schema "main", which means nothing to the reader of the message.
        return finding.replace("*** in database main ***", "").strip().replaceAll("\\s*\\R\\s*", "; ");
    }
}

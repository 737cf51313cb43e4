package dev.architect.store.sqlite;

import dev.architect.thread.ThreadRunner;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the write-ahead log into the database file on a thread and a connection of its own, so that no commit waits for it.
 *
 * <p>SQLite lets others append to the log while it is moved, but begins the log anew only when nothing of it is left to move. So
 * it is moved again and again until a moment in which nothing is. Where changes come faster than the disk takes them, they wait for it once the
 * log is large; while a reader keeps an old state of the log, it grows.
 *
 * <p>{@link #committed} may be called by any thread.
 */
final class Checkpoints implements AutoCloseable {

    /** Where a commit moves the log by itself, 1 GB: the thread has ended, or cannot move it. */
    static final int LAST_RESORT_PAGES = 256_000;

    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);

    /** So many pages are in the log when it is moved, 16 MB: a page that changes often is moved once for many commits. */
    private static final int LEAST_PAGES = 4_000;

    /** So many more are there when the log is moved again, should readers have kept it from beginning anew. */
    private static final int PAGES_BETWEEN = 1_000;

    /** How often the log is moved in a row while changes are added to it. */
    private static final int MOST_PASSES = 20;

    /** In a log of so many pages, 32 MB, changes wait for a moment in which it can begin anew, and again after half as many. */
    private static final int MOST_PAGES = 8_000;

    private static final int PAUSE_MILLIS = 20;

    private final Connection connection;
    private final Statement statement;
    private final StoreGuard guard;
    private final SqliteErrorReader failures;
    private final Semaphore news = new Semaphore(0);
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    /** How large the log may become before changes wait. */
    private int patience = MOST_PAGES;

    private boolean isFailing;
    private boolean started;

    Checkpoints(Connection connection, StoreGuard guard, SqliteErrorReader failures) throws SQLException {
        this.connection = connection;
        this.statement = connection.createStatement();
        this.guard = guard;
        this.failures = failures;
    }

    /** Looks at the log from now on whenever something was committed; {@code writer} is kept from writing for the last pages. */
    void start(ThreadRunner runner, GroupCommit writer) {
        runner.startPlatform("checkpoint", () -> loop(writer));
        started = true;
    }

    /** After each commit of this store. */
    void committed() {
        news.release();
    }

    private void loop(GroupCommit writer) {
        try {
            do {
                news.acquire();
                news.drainPermits();
                look(writer);
            } while (!stopping.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException interrupted) {
            LOG.debug("the thread of the checkpoints was interrupted; commits move the log");
        } finally {
            ended.countDown();
        }
    }

    private void look(GroupCommit writer) {
        try {
            LogSize log = checkpoint("NOOP");
            patience = log.pages < LEAST_PAGES ? MOST_PAGES : patience;
            if (!guard.isRefusing() && log.pages >= LEAST_PAGES && log.left() >= PAGES_BETWEEN) {
                move(log, writer);
            }
            isFailing = false;
        } catch (SQLException failure) {
            // Another process may be moving it. Anything else the writer meets too, and tells its callers.
            if (!failures.isBusy(failure) && !isFailing) {
                LOG.warn("the log was not moved into the database file: {}", failure.getMessage());
                isFailing = true;
            }
        } catch (RuntimeException failure) {
            // Of a driver that a host brings: the thread must live on.
            if (!isFailing) {
                LOG.warn("the log was not moved into the database file", failure);
                isFailing = true;
            }
        }
    }

    /**
     * Moves the log until nothing is left: each pass takes less time than the one before, so that one of them meets no commit. That one
     * also writes the file to disk, and changes are added to the log meanwhile. The next change begins the log anew when nothing
     * reads in it; readers that always overlap are waited for.
     */
    private void move(LogSize before, GroupCommit writer) throws SQLException {
        LogSize log = before;
        for (int pass = 0; pass < MOST_PASSES && log.left() > 0; pass++) {
            checkpoint("PASSIVE");
            LogSize now = checkpoint("NOOP");
            if (now.pages < log.pages || now.moved <= log.moved) {
                // The log has begun anew, or a reader keeps the rest.
                return;
            }
            log = now;
        }
        if (log.pages >= patience) {
            // As long as the connection's short busy timeout.
            writer.pauseFor(() -> checkpoint("RESTART"));
            patience = log.pages + MOST_PAGES / 2;
        }
    }

    /** How many pages are in the log, and how many of them are in the file too. A busy file counts as one without a log. */
    private LogSize checkpoint(String mode) throws SQLException {
        try (ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(" + mode + ")")) {
            return row.next() ? new LogSize(row.getInt(2), row.getInt(3)) : new LogSize(0, 0);
        }
    }

    private record LogSize(int pages, int moved) {
        int left() {
            return pages - moved;
        }
    }

    /** Waits for a checkpoint that runs. */
    @Override
    public void close() throws SQLException {
        stopping.countDown();
        news.release();
        boolean interrupted = false;
        while (started && ended.getCount() > 0) {
            try {
                ended.await();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        try (connection;
                statement) {
            LOG.trace("the connection of the checkpoints closes");
        }
    }
}

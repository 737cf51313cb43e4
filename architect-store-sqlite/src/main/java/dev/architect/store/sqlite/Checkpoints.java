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
 * <p>SQLite lets others append to the log while it is moved, but begins the log anew only when nothing of it is left to move. So the
 * bulk is moved first, while changes go on, and then the rest, which is little, while none is written. Where readers keep an old
 * state of the log for long, or the disk is too slow for both, the log grows to {@link #LAST_RESORT_PAGES}; from there on SQLite moves
 * it after each commit.
 *
 * <p>{@link #committed} may be called by any thread.
 */
final class Checkpoints implements AutoCloseable {

    /** Where a commit moves the log by itself: 128 MB. */
    static final int LAST_RESORT_PAGES = 32_000;

    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);

    /** So many pages are in the log when it is moved, 16 MB: a page that changes often is moved once for many commits. */
    private static final int LEAST_PAGES = 4_000;

    /** So many more are there when the log is moved again, should readers have kept it from beginning anew. */
    private static final int PAGES_BETWEEN = 1_000;

    /** So few are moved while no change is written. */
    private static final int LAST_PAGES = 200;

    /** How often the bulk is moved when changes come nearly as fast. */
    private static final int MOST_PASSES = 4;

    private static final int PAUSE_MILLIS = 20;

    private final Connection connection;
    private final Statement statement;
    private final StoreGuard guard;
    private final SqliteErrorReader failures;
    private final Semaphore news = new Semaphore(0);
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
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
        }
    }

    private void move(LogSize before, GroupCommit writer) throws SQLException {
        LogSize log = before;
        for (int pass = 0; pass < MOST_PASSES && log.left() > LAST_PAGES; pass++) {
            LogSize now = checkpoint("PASSIVE");
            if (now.moved <= log.moved) {
                // A reader keeps the rest.
                return;
            }
            log = now;
        }
        // Waits for readers of the log as long as the connection's short busy timeout, so that the next change begins
        // it anew.
        writer.pauseFor(() -> checkpoint("RESTART"));
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

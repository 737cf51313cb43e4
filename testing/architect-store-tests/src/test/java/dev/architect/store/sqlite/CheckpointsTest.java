package dev.architect.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the log gets into the file while changes go on. */
final class CheckpointsTest {

    private static final int BATCHES = 300;
    private static final List<TaskRequest> BATCH = Collections.nCopies(100, TaskRequest.prompt("x".repeat(1_000)));

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("architect.db");
    }

    private long logBytes() throws IOException {
        return Files.size(directory.resolve("architect.db-wal"));
    }

    private Connection other() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file());
    }

    /** How many pages the log has, of which some are in the file too. */
    private record Log(int pages, int moved) {}

    private static Log log(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(NOOP)")) {
            assertThat(row.next()).isTrue();
            return new Log(row.getInt(2), row.getInt(3));
        }
    }

    private static void await(Statement statement, Predicate<Log> condition) throws SQLException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.test(log(statement))) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    /** A page that changes often is moved once for many commits. */
    @Test
    void theLogGrowsToSixteenMegabytesBeforeItIsMovedAndBeginsAnew() throws Exception {
        try (SqliteStore store = SqliteStore.at(file());
                Connection other = other();
                Statement looking = other.createStatement()) {
            long largest = 0;
            int begun = 0;
            int before = 0;
            for (int i = 0; i < BATCHES; i++) {
                store.tasks().submit(BATCH);
                // What has been read keeps nothing in the log.
                assertThat(store.tasks().list(TaskQuery.newest(5))).hasSize(5);
                Log log = log(looking);
                begun += log.pages < before ? 1 : 0;
                before = log.pages;
                largest = Math.max(largest, logBytes());
                if (log.pages >= 4_000) {
                    // Nothing is written meanwhile, so all of it can be moved.
                    await(looking, now -> now.moved == now.pages);
                }
            }

            assertThat(largest).isBetween(12L << 20, 24L << 20);
            assertThat(begun).isPositive();
        }
        assertThat(directory.resolve("architect.db-wal")).doesNotExist();
    }

    @Test
    void whatAReaderKeepsInTheLogIsMovedWhenItEnds() throws Exception {
        try (SqliteStore store = SqliteStore.at(file());
                Connection reader = other();
                Statement reading = reader.createStatement();
                Connection other = other();
                Statement looking = other.createStatement()) {
            store.tasks().submit(BATCH);
            reader.setAutoCommit(false);
            reading.executeQuery("SELECT count(*) FROM task").close();
            int kept = log(looking).pages;
            while (log(looking).pages < 5_500) {
                store.tasks().submit(BATCH);
            }
            assertThat(log(looking).moved).isLessThanOrEqualTo(kept);

            reader.rollback();
            // Each commit makes the store look at the log again.
            await(looking, log -> {
                store.tasks().submit(List.of(TaskRequest.prompt("p")));
                return log.pages < 4_000;
            });
        }
    }

    @Test
    void changesAreMadeWhileTheLogCannotBeMoved() throws Exception {
        FaultyConnections connections = new FaultyConnections();
        SqliteStoreBuilder builder = SqliteStore.builder(file());
        builder.connector = connections;
        try (SqliteStore store = builder.open()) {
            // A new file is not looked at before the connection that migrates it.
            Connection moving = connections.opened.get(1).real();
            assertThat(moving.isClosed()).isFalse();
            moving.close();
            while (logBytes() < 24 << 20) {
                store.tasks().submit(BATCH);
            }

            store.tasks().submit(BATCH);
            assertThat(store.tasks().counts().get(TaskState.READY)).isGreaterThan(1_000);
        }

        assertThat(directory.resolve("architect.db-wal")).doesNotExist();
    }
}

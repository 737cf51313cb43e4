package dev.architect.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.task.TaskRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Measures opening and closing of a file of one gigabyte: after a clean stop, after {@code kill -9}, and while it is checked. */
@Tag("slow")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class SqliteLargeFileTest {

    private static final long BYTES = 1L << 30;
    private static final Duration CHECK_TIMEOUT = Duration.ofMinutes(5);

    @TempDir
    Path directory;

    @Test
    void opensWithinASecond() throws Exception {
        Path file = directory.resolve("architect.db");
        fill(file);
        assertThat(Files.size(file)).isGreaterThan(BYTES);
        try (SqliteStore store = SqliteStore.at(file)) {
            // The rows were written without the store, so the first opening is no clean one.
            assertThat(store.file().check().await(CHECK_TIMEOUT)).isTrue();
        }

        long clean = System.nanoTime();
        SqliteStore afterCleanStop = SqliteStore.at(file);
        clean = System.nanoTime() - clean;
        assertThat(afterCleanStop.file().wasClean()).isTrue();
        long checking = System.nanoTime();
        long largestLog = 0;
        while (!afterCleanStop.file().check().await(Duration.ofMillis(1))) {
            afterCleanStop.tasks().submit(List.of(TaskRequest.prompt("while it is checked")));
            largestLog = Math.max(largestLog, Files.size(directory.resolve("architect.db-wal")));
        }
        checking = System.nanoTime() - checking;
        assertThat(afterCleanStop.file().check().hasPassed()).isTrue();
        long submitted = afterCleanStop.tasks().counts().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        afterCleanStop.close();

        try (StoreChildProcess.Handle child = new StoreChildProcess.Handle(file, Long.MAX_VALUE)) {
            while (child.submitted.size() < 50) {
                assertThat(child.read()).isTrue();
            }
            child.kill();
        }
        long killed = System.nanoTime();
        SqliteStore afterKill = SqliteStore.at(file);
        killed = System.nanoTime() - killed;
        assertThat(afterKill.file().wasClean()).isFalse();
        long closing = System.nanoTime();
        afterKill.close();
        closing = System.nanoTime() - closing;

        System.out.printf(
                "%d MB: opened %d ms after a clean stop, %d ms after kill -9; checked in %d ms beside %d commits with a log of at"
                        + " most %d MB; closed %d ms while it was checked%n",
                Files.size(file) >> 20,
                TimeUnit.NANOSECONDS.toMillis(clean),
                TimeUnit.NANOSECONDS.toMillis(killed),
                TimeUnit.NANOSECONDS.toMillis(checking),
                submitted,
                largestLog >> 20,
                TimeUnit.NANOSECONDS.toMillis(closing));
        assertThat(clean).isLessThan(TimeUnit.SECONDS.toNanos(1));
        assertThat(killed).isLessThan(TimeUnit.SECONDS.toNanos(2));
    }

    private static void fill(Path file) throws Exception {
        SqliteStore.at(file).close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA synchronous = OFF");
            statement.execute("PRAGMA journal_mode = MEMORY");
            statement.execute(
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + BYTES / 1_000
                            + ") INSERT INTO activity (at, kind, text) SELECT i, 'TEST', hex(randomblob(490)) FROM n");
            statement.execute("PRAGMA journal_mode = WAL");
        }
    }
}

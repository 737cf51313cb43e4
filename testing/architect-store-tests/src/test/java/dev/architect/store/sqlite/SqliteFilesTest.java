package dev.architect.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.error.StoreException;
import dev.architect.task.TaskRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may read the files of a store, and what is left of them when it has closed. */
@DisabledOnOs(OS.WINDOWS)
class SqliteFilesTest {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("architect.db");
    }

    @Test
    void everyFileIsForItsOwnerOnly() throws IOException {
        try (SqliteStore store = SqliteStore.at(file())) {
            store.nodes().join("node");
            store.tasks().submit(List.of(TaskRequest.prompt("secret")));

            Map<String, Set<PosixFilePermission>> modes = modes();
            assertThat(modes.keySet())
                    .containsExactlyInAnyOrder(
                            "architect.db", "architect.db-wal", "architect.db-shm", "architect.db.node-1.lock");
            assertThat(modes.values()).allMatch(OWNER_ONLY::equals);
        }
        assertThat(modes()).isEqualTo(Map.of("architect.db", OWNER_ONLY));
    }

    /** Looks all the time, so that a file that is open to others for a moment is seen. */
    @ParameterizedTest
    @ValueSource(strings = {"000", "022", "277"})
    void theUmaskOfTheProcessDoesNotMatter(String umask) throws Exception {
        Process child = new ProcessBuilder(
                        "sh",
                        "-c",
                        "umask " + umask + " && exec \"$@\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StoreChildProcess.class.getName(),
                        file().toString(),
                        "1")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        CompletableFuture<String> finished = CompletableFuture.supplyAsync(() -> {
            try (var lines = child.inputReader()) {
                return lines.lines()
                        .filter(line -> line.equals("finished submitting"))
                        .findFirst()
                        .orElse("the process ended early");
            } catch (IOException failure) {
                return failure.toString();
            }
        });
        Map<String, Set<PosixFilePermission>> seen = new HashMap<>();
        try {
            while (!finished.isDone()) {
                modes().forEach((name, mode) -> assertThat(OWNER_ONLY).as(name).containsAll(mode));
                seen.putAll(modes());
            }
            seen.putAll(modes());
        } finally {
            child.destroyForcibly().waitFor();
        }

        assertThat(finished.join()).isEqualTo("finished submitting");
        assertThat(seen).containsEntry("architect.db", OWNER_ONLY).containsEntry("architect.db-wal", OWNER_ONLY);
    }

    @Test
    void aFileThatExistsKeepsThePermissionsThatSomebodyChose() throws IOException {
        SqliteStore.at(file()).close();
        Set<PosixFilePermission> shared = PosixFilePermissions.fromString("rw-r-----");
        Files.setPosixFilePermissions(file(), shared);

        SqliteStore.at(file()).close();

        assertThat(modes()).isEqualTo(Map.of("architect.db", shared));
    }

    @Test
    void leavesOneFileWhenAQueryIsStillRunningAsItCloses() throws Exception {
        SqliteStore store = SqliteStore.at(file());
        store.tasks().submit(List.of(TaskRequest.prompt("p")));
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Thread reader = new Thread(() -> store.readers().read(handle -> {
            reading.countDown();
            try {
                release.await();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
            return handle.createQuery("SELECT count(*) FROM task")
                    .mapTo(Long.class)
                    .one();
        }));
        reader.start();
        reading.await();
        Thread closing = new Thread(store::close);
        closing.start();
        while (closing.getState() != Thread.State.TIMED_WAITING && closing.isAlive()) {
            Thread.onSpinWait();
        }
        assertThat(closing.isAlive()).isTrue();

        release.countDown();
        reader.join();
        closing.join();

        assertThat(modes().keySet()).containsExactly("architect.db");
        assertComplete();
    }

    @Test
    void interruptsAQueryThatDoesNotEnd() throws Exception {
        SqliteStore store = SqliteStore.at(file());
        store.tasks().submit(List.of(TaskRequest.prompt("p")));
        CountDownLatch reading = new CountDownLatch(1);
        CompletableFuture<Long> read = CompletableFuture.supplyAsync(
                () -> store.readers().read(handle -> {
                    reading.countDown();
                    return handle.createQuery(
                                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")
                            .mapTo(Long.class)
                            .one();
                }),
                query -> new Thread(query).start());
        reading.await();

        store.close();

        assertThat(read)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(StoreException.class)
                .withMessageContaining("is closing");
        assertThat(modes().keySet()).containsExactly("architect.db");
        assertComplete();
    }

    @Test
    void closesCompletelyWhenTheClosingThreadIsInterrupted() throws Exception {
        SqliteStore store = SqliteStore.at(file());
        store.tasks().submit(List.of(TaskRequest.prompt("p")));

        Thread.currentThread().interrupt();
        store.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(modes().keySet()).containsExactly("architect.db");
        assertComplete();
    }

    @Test
    void closesCompletelyAfterTheWritingThreadWasInterrupted() throws Exception {
        SqliteStore store = SqliteStore.at(file());
        store.tasks().submit(List.of(TaskRequest.prompt("p")));
        Thread writer = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("architect-sqlite-writer"))
                .findFirst()
                .orElseThrow();
        writer.interrupt();

        store.close();
        store.close();

        assertThat(writer.isAlive()).isFalse();
        assertThat(modes().keySet()).containsExactly("architect.db");
        assertComplete();
    }

    @Test
    void aReaderThatCannotBeOpenedClosesTheOthers() {
        List<Connection> opened = new ArrayList<>();

        assertThatThrownBy(() -> SqliteFile.openAll(4, () -> {
                    if (opened.size() == 3) {
                        throw new SQLException("too many open files");
                    }
                    opened.add(DriverManager.getConnection("jdbc:sqlite::memory:"));
                    return opened.get(opened.size() - 1);
                }))
                .hasMessage("too many open files");

        assertThat(opened).hasSize(3).allMatch(SqliteFilesTest::isClosed);
    }

    private static boolean isClosed(Connection connection) {
        try {
            return connection.isClosed();
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    /** A copy of the one file is a whole store. */
    private void assertComplete() throws IOException {
        Path copy = Files.copy(file(), directory.resolve("copy.db"));
        try (SqliteStore store = SqliteStore.at(copy)) {
            assertThat(store.tasks().counts()).hasSize(1);
        }
    }

    private Map<String, Set<PosixFilePermission>> modes() throws IOException {
        Map<String, Set<PosixFilePermission>> modes = new HashMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path each : files.toList()) {
                try {
                    modes.put(each.getFileName().toString(), Files.getPosixFilePermissions(each));
                } catch (NoSuchFileException goneMeanwhile) {
                    continue;
                }
            }
        }
        return modes;
    }
}

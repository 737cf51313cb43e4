package dev.architect.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.attempt.ClaimRequest;
import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import dev.architect.task.TaskRequest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a file counts as closed in order, what is checked when, and what damage does that is found late. */
class SqliteCleanStopTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final FaultyConnections connections = new FaultyConnections();

    private Path file() {
        return directory.resolve("architect.db");
    }

    private SqliteStoreBuilder builder(Path file) {
        SqliteStoreBuilder builder = SqliteStore.builder(file);
        builder.connector = connections;
        return builder;
    }

    private static void fill(SqliteStore store) {
        store.tasks()
                .submit(IntStream.range(0, 300)
                        .mapToObj(i -> TaskRequest.prompt("prompt " + i + " " + "x".repeat(200)))
                        .toList());
    }

    /** A file that was closed in order, with 300 tasks. */
    private Path filled() {
        try (SqliteStore store = SqliteStore.at(file())) {
            fill(store);
        }
        return file();
    }

    private static boolean opensAsClean(Path file) {
        try (SqliteStore store = SqliteStore.at(file)) {
            assertThat(store.tasks().counts()).hasSize(1);
            return store.file().wasClean();
        }
    }

    /** Holds the check back before it reads anything. */
    private CountDownLatch holdTheCheck() {
        CountDownLatch release = new CountDownLatch(1);
        connections.beforeOpen = () -> {
            if (Thread.currentThread().getName().contains("-check-")) {
                try {
                    assertThat(release.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS))
                            .isTrue();
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        return release;
    }

    /** The later half of the file, where the tasks are. */
    private static void damage(Path file) throws IOException {
        byte[] noise = new byte[600];
        new Random(11).nextBytes(noise);
        Set<Long> spared = pagesOfTheChangeLog(file);
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            long pages = raw.length() / 4096;
            byte[] content = new byte[4096];
            for (long page = pages / 2; page < pages; page++) {
                raw.seek(page * 4096);
                raw.readFully(content);
                // A page of the schema: without it the file could not even be opened.
                boolean isOfSchema = new String(content, StandardCharsets.ISO_8859_1).contains("CREATE ");
                if (!isOfSchema && !spared.contains(page + 1)) {
                    raw.seek(page * 4096);
                    raw.write(noise);
                }
            }
        }
    }

    /** The pages, from 1, that every call writes which changes something: a store whose log is damaged would tell at once. */
    private static Set<Long> pagesOfTheChangeLog(Path file) {
        Set<Long> pages = new HashSet<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:file:" + file + "?immutable=1");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pageno FROM dbstat WHERE name = 'change_log'")) {
            while (row.next()) {
                pages.add(row.getLong(1));
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
        assertThat(pages).isNotEmpty();
        return pages;
    }

    /** As the disk does it: no program has changed the file. */
    private static void damageUnnoticed(Path file) throws IOException {
        FileTime time = Files.getLastModifiedTime(file);
        damage(file);
        Files.setLastModifiedTime(file, time);
    }

    private static void assertDamaged(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StoreException.class, failure -> {
            assertThat(failure.kind()).isEqualTo(Kind.CORRUPT);
            assertThat(failure).hasMessageContaining("architect.db is damaged");
            assertThat(failure).hasMessageContaining("restore a copy").hasMessageContaining(".recover");
            assertThat(failure.isTransient()).isFalse();
        });
    }

    @Test
    void opensAtOnceAfterACleanStopAndChecksInTheBackground() {
        filled();
        CountDownLatch release = holdTheCheck();

        // It opens and serves although the check has not begun.
        try (SqliteStore store =
                builder(file()).openCheckLimit(Duration.ofHours(1)).open()) {
            assertThat(store.file().wasClean()).isTrue();
            fill(store);
            assertThat(store.file().check().hasPassed()).isFalse();

            release.countDown();
            assertThat(store.file().check().await(TIMEOUT)).isTrue();
            assertThat(store.file().check().hasPassed()).isTrue();
        }
        assertThat(opensAsClean(file())).isTrue();
    }

    @Test
    void theLastOfSeveralStoresLeavesTheMark() {
        SqliteStore first = SqliteStore.at(filled());
        SqliteStore second = SqliteStore.at(file());
        // The first one has removed it.
        assertThat(second.file().wasClean()).isFalse();
        assertThat(second.file().check().await(TIMEOUT)).isTrue();

        first.close();
        assertThat(opensAsClean(file())).isFalse();
        second.close();

        assertThat(opensAsClean(file())).isTrue();
    }

    @Test
    void aKilledProcessLeavesNoMark() throws Exception {
        filled();
        try (StoreChildProcess.Handle child = new StoreChildProcess.Handle(file(), Long.MAX_VALUE)) {
            while (child.submitted.size() < 10) {
                assertThat(child.read()).isTrue();
            }
            child.kill();
        }

        try (SqliteStore store = SqliteStore.at(file())) {
            assertThat(store.file().wasClean()).isFalse();
            assertThat(store.file().check().await(TIMEOUT)).isTrue();
            assertThat(store.file().check().hasPassed()).isTrue();
        }
    }

    @Test
    void aStoreThatClosesWhileAnotherProcessLivesLeavesNoMarkWhenThatOneIsKilled() throws Exception {
        SqliteStore store = SqliteStore.at(filled());
        try (StoreChildProcess.Handle child = new StoreChildProcess.Handle(file(), Long.MAX_VALUE)) {
            while (child.submitted.size() < 10) {
                assertThat(child.read()).isTrue();
            }
            store.close();
            child.kill();
        }

        try (SqliteStore again = SqliteStore.at(file())) {
            assertThat(again.file().wasClean()).isFalse();
        }
    }

    /** Otherwise two short runs after a crash would leave a file that nothing has checked and that counts as clean. */
    @Test
    void anUncheckedFileIsNotMarkedWhenItIsClosed() throws Exception {
        filled();
        Files.setLastModifiedTime(file(), FileTime.fromMillis(1));
        CountDownLatch release = holdTheCheck();
        SqliteStore store = builder(file()).openCheckLimit(Duration.ZERO).open();
        assertThat(store.file().wasClean()).isFalse();
        Thread closing = new Thread(store::close);
        closing.start();
        // The check ends without a look, because the store closes.
        while (closing.getState() != Thread.State.TIMED_WAITING && closing.isAlive()) {
            LockSupport.parkNanos(1_000_000);
        }
        release.countDown();
        closing.join();

        assertThat(opensAsClean(file())).isFalse();
    }

    @Test
    void aCopyOfAnOpenFileIsNotClean() throws Exception {
        filled();
        try (SqliteStore store = SqliteStore.at(file())) {
            fill(store);
            checkpoint();
            Path late = copy("late.db", StandardCopyOption.COPY_ATTRIBUTES);

            // It has neither the mark nor the log.
            assertThat(opensAsClean(late)).isFalse();
        }
        assertThat(opensAsClean(copy("kept.db", StandardCopyOption.COPY_ATTRIBUTES)))
                .isTrue();
        assertThat(opensAsClean(copy("plain.db"))).isFalse();
    }

    private Path copy(String name, StandardCopyOption... options) throws Exception {
        Path copy = directory.resolve(name);
        // By another process: this one must not open and close a file that SQLite has locked.
        int status = new ProcessBuilder(
                        "cp",
                        options.length > 0 ? "--preserve=timestamps" : "--no-preserve=all",
                        file().toString(),
                        copy.toString())
                .start()
                .waitFor();
        assertThat(status).isZero();
        return copy;
    }

    private void checkpoint() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(PASSIVE)");
        }
    }

    @Test
    void aFileThatAnotherProgramHasChangedIsNotClean() throws Exception {
        filled();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO activity (at, kind, text) VALUES (0, 'test', 'by hand')");
        }

        assertThat(opensAsClean(file())).isFalse();
        assertThat(opensAsClean(file())).isTrue();
    }

    @Test
    void damageByAChangeOfTheFileIsRefusedAtOpenAndTheFileIsLeftAsItWas() throws Exception {
        damage(filled());
        byte[] before = Files.readAllBytes(file());

        assertDamaged(() -> SqliteStore.at(file()));
        assertDamaged(() -> SqliteStore.at(file()));

        assertThat(Files.readAllBytes(file())).isEqualTo(before);
    }

    @Test
    void damageThatIsFoundLateMakesTheStoreRefuseEverything() throws Exception {
        damageUnnoticed(filled());
        CountDownLatch release = holdTheCheck();

        SqliteStore store = builder(file()).open();
        assertThat(store.file().wasClean()).isTrue();
        long node = store.nodes().join("node");
        release.countDown();
        assertThat(store.file().check().await(TIMEOUT)).isTrue();

        assertDamaged(() -> store.tasks().submit(List.of(TaskRequest.prompt("p"))));
        assertDamaged(() -> store.tasks().claim(ClaimRequest.of(node, 1, Set.of(TaskRequest.PROMPT))));
        assertDamaged(() -> store.nodes().beat(node));
        assertDamaged(() -> store.tasks().counts());
        assertDamaged(() -> store.ledger().newest(1));
        assertDamaged(() -> store.subscribe(change -> {}));
        store.close();

        // Not marked, so it is refused at once from now on.
        assertDamaged(() -> SqliteStore.at(file()));
    }

    @Test
    void damageThatIsFoundAfterTheWaitAtOpenIsRefusedAsWell() throws Exception {
        damage(filled());
        CountDownLatch release = holdTheCheck();

        try (SqliteStore store = builder(file()).openCheckLimit(Duration.ZERO).open()) {
            assertThat(store.file().wasClean()).isFalse();
            store.nodes().join("node");
            release.countDown();
            assertThat(store.file().check().await(TIMEOUT)).isTrue();

            assertDamaged(() -> store.tasks().submit(List.of(TaskRequest.prompt("p"))));
        }
    }

    @Test
    void damageThatACallMeetsMakesTheStoreRefuseEverything() throws Exception {
        damageUnnoticed(filled());
        CountDownLatch release = holdTheCheck();

        try (SqliteStore store = builder(file()).open()) {
            assertDamaged(() -> store.readers()
                    .read(handle -> handle.createQuery("SELECT * FROM task_body")
                            .mapToMap()
                            .list()));

            assertDamaged(() -> store.tasks().submit(List.of(TaskRequest.prompt("p"))));
            release.countDown();
        }
    }

    @Test
    void aTruncatedFileIsRefusedAtOpenEvenWhenItsMarkIsValid() throws Exception {
        filled();
        FileTime time = Files.getLastModifiedTime(file());
        try (RandomAccessFile raw = new RandomAccessFile(file().toFile(), "rw")) {
            raw.setLength(raw.length() - 4096);
        }
        Files.setLastModifiedTime(file(), time);
        byte[] before = Files.readAllBytes(file());
        CountDownLatch release = holdTheCheck();

        assertDamaged(() -> builder(file()).open());

        release.countDown();
        assertThat(Files.readAllBytes(file())).isEqualTo(before);
    }

    /** As a copy by VACUUM INTO or .backup is: it has no log, and SQLite gives it none while it is read. */
    @Test
    void aCopyWithoutALogIsCheckedToTheEndBeforeItServes() throws Exception {
        filled();
        Path copy = directory.resolve("backup.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement()) {
            statement.execute("VACUUM INTO '" + copy + "'");
        }

        try (SqliteStore store = SqliteStore.builder(copy)
                .openCheckLimit(Duration.ZERO)
                .busyTimeout(Duration.ofMillis(50))
                .open()) {
            assertThat(store.file().wasClean()).isFalse();
            assertThat(store.file().check().hasPassed()).isTrue();
        }
        assertThat(opensAsClean(copy)).isTrue();
    }
}

package dev.architect.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.thread.ThreadRunner;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Changes of several callers in one transaction. The connection is held by a change that waits for a latch. */
class GroupCommitTest {

    private static final long TIMEOUT_SECONDS = 60;

    @TempDir
    Path directory;

    private final ThreadRunner runner = new ThreadRunner("group-commit-test");
    private GroupCommit writer;

    @BeforeEach
    void open() {
        writer = open(SqliteStore.builder(file()).queueCapacity(8).maxBytes(2 << 20));
    }

    private GroupCommit open(SqliteStoreBuilder options) {
        SqliteFile file = SqliteFile.inspect(options);
        file.migrate();
        GroupCommit opened = file.openWriter(() -> {});
        opened.start(runner);
        return opened;
    }

    @AfterEach
    void close() {
        writer.close();
        runner.close();
    }

    private Path file() {
        return directory.resolve("architect.db");
    }

    private static TransactionalWrites.Body<Integer> append(String text) {
        return sql -> {
            PreparedStatement insert = sql.prepare("INSERT INTO activity (at, kind, text) VALUES (0, 'test', ?)");
            insert.setString(1, text);
            return insert.executeUpdate();
        };
    }

    private static TransactionalWrites.Body<Integer> waitFor(CountDownLatch begun, CountDownLatch release) {
        return sql -> {
            begun.countDown();
            await(release);
            return 0;
        };
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private <T> CompletableFuture<T> inThread(TransactionalWrites.Body<T> work) {
        CompletableFuture<T> end = new CompletableFuture<>();
        CountDownLatch calling = new CountDownLatch(1);
        runner.startPlatform("caller", () -> {
            calling.countDown();
            try {
                end.complete(writer.write(work));
            } catch (RuntimeException | Error failure) {
                end.completeExceptionally(failure);
            }
        });
        await(calling);
        return end;
    }

    /** Holds the connection, lets the works gather in their order, and lets them go as one group. */
    private List<CompletableFuture<Integer>> asOneGroup(List<TransactionalWrites.Body<Integer>> works) {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        inThread(waitFor(begun, release));
        await(begun);
        List<CompletableFuture<Integer>> ends = new ArrayList<>();
        for (TransactionalWrites.Body<Integer> work : works) {
            ends.add(inThread(work));
            while (writer.waitingCount() < ends.size()) {
                LockSupport.parkNanos(1_000_000);
            }
        }
        release.countDown();
        return ends;
    }

    private List<String> kept() throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT substr(text, 1, 20) FROM activity ORDER BY sequence")) {
            while (row.next()) {
                texts.add(row.getString(1));
            }
        }
        return texts;
    }

    private static int get(CompletableFuture<Integer> end) throws Exception {
        return end.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    private static void assertFailed(CompletableFuture<Integer> end, Kind kind) {
        assertThatThrownBy(() -> get(end))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        StoreException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(kind));
    }

    @Test
    void answersOnlyAfterTheCommit() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        List<CompletableFuture<Integer>> ends = asOneGroup(List.of(append("first"), waitFor(begun, release)));
        await(begun);

        assertThat(ends.get(0)).isNotDone();
        assertThat(kept()).isEmpty();

        release.countDown();
        assertThat(get(ends.get(0))).isEqualTo(1);
        assertThat(kept()).containsExactly("first");
    }

    @Test
    void takesBackOnlyTheChangeThatFails() throws Exception {
        TransactionalWrites.Body<Integer> violates = sql -> {
            append("half done").run(sql);
            sql.execute("INSERT INTO activity (at, kind, text) VALUES (0, 'test', NULL)");
            return 0;
        };
        TransactionalWrites.Body<Integer> breaks = sql -> {
            append("half done too").run(sql);
            throw new IllegalStateException("planted");
        };

        List<CompletableFuture<Integer>> ends =
                asOneGroup(List.of(append("first"), violates, append("second"), breaks, append("third")));

        assertThat(get(ends.get(0)) + get(ends.get(2)) + get(ends.get(4))).isEqualTo(3);
        assertFailed(ends.get(1), Kind.FAILED);
        assertThatThrownBy(() -> get(ends.get(3))).hasRootCauseMessage("planted");
        assertThat(kept()).containsExactly("first", "second", "third");
    }

    @Test
    void keepsWhatFitsBesideWhatDoesNot() throws Exception {
        List<CompletableFuture<Integer>> ends =
                asOneGroup(List.of(append("first"), append("too large " + "x".repeat(3 << 20)), append("second")));

        assertThat(get(ends.get(0)) + get(ends.get(2))).isEqualTo(2);
        assertFailed(ends.get(1), Kind.FULL);
        assertThat(kept()).containsExactlyInAnyOrder("first", "second");
        assertThat(writer.write(append("third"))).isEqualTo(1);
    }

    @Test
    void waitsForAnotherProcessThatWrites() throws Exception {
        CompletableFuture<Integer> end;
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            end = inThread(append("patient"));
            while (writer.waitingCount() > 0) {
                LockSupport.parkNanos(1_000_000);
            }
            assertThat(end).isNotDone();
            statement.execute("COMMIT");
        }

        assertThat(get(end)).isEqualTo(1);
    }

    @Test
    void failsAsBusyWhenTheBusyTimeoutEnds() throws Exception {
        writer.close();
        writer = open(SqliteStore.builder(file()).busyTimeout(Duration.ofMillis(50)));
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");

            assertFailed(inThread(append("impatient")), Kind.BUSY);

            statement.execute("COMMIT");
        }
        assertThat(writer.write(append("next"))).isEqualTo(1);
        assertThat(kept()).containsExactly("next");
    }

    @Test
    void refusesMoreThanMayWait() throws Exception {
        writer.close();
        writer = open(SqliteStore.builder(file()).queueCapacity(2).busyTimeout(Duration.ofMillis(50)));
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        inThread(waitFor(begun, release));
        await(begun);
        List<CompletableFuture<Integer>> accepted = List.of(inThread(append("a")), inThread(append("b")));
        while (writer.waitingCount() < 2) {
            LockSupport.parkNanos(1_000_000);
        }

        assertThatThrownBy(() -> writer.write(append("c")))
                .isInstanceOf(StoreException.class)
                .hasMessage("2 changes wait to be written, expected fewer: try again later");

        release.countDown();
        assertThat(get(accepted.get(0)) + get(accepted.get(1))).isEqualTo(2);
        assertThat(kept()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void givesUpForAnInterruptedCallerWhatHasNotBegun() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        inThread(waitFor(begun, release));
        await(begun);
        CompletableFuture<Boolean> kept = new CompletableFuture<>();
        CompletableFuture<Integer> end = inThread(append("never"));
        runner.startPlatform("interrupted", () -> {
            Thread.currentThread().interrupt();
            try {
                writer.write(append("given up"));
            } catch (StoreException failure) {
                kept.complete(
                        failure.kind() == Kind.BUSY && Thread.currentThread().isInterrupted());
            }
        });

        assertThat(kept.get(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();

        release.countDown();
        assertThat(get(end)).isEqualTo(1);
        assertThat(kept()).containsExactly("never");
    }

    @Test
    void writesWhatWaitsWhenItIsClosed() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        inThread(waitFor(begun, release));
        await(begun);
        CompletableFuture<Integer> waiting = inThread(append("waiting"));
        while (writer.waitingCount() < 1) {
            LockSupport.parkNanos(1_000_000);
        }
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        runner.startPlatform("closer", () -> {
            writer.close();
            closed.complete(true);
        });
        while (writer.waitingCount() < 2) {
            LockSupport.parkNanos(1_000_000);
        }

        assertFailed(inThread(append("too late")), Kind.CLOSED);
        assertThat(closed).isNotDone();
        release.countDown();

        assertThat(closed.get(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(get(waiting)).isEqualTo(1);
        assertThat(kept()).containsExactly("waiting");
    }

    private static final TransactionalWrites.Body<String> THREAD =
            sql -> Thread.currentThread().getName();

    @Test
    void aCallerThatIsAloneWritesItself() {
        assertThat(writer.write(THREAD)).isEqualTo(Thread.currentThread().getName());
        assertThat(writer.write(THREAD)).isEqualTo(Thread.currentThread().getName());
    }

    @Test
    @Timeout(TIMEOUT_SECONDS)
    void theWritingThreadGathersTheChangesOfSeveralCallers() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        inThread(waitFor(begun, release));
        await(begun);
        List<CompletableFuture<String>> gathered = List.of(inThread(THREAD), inThread(THREAD));
        while (writer.waitingCount() < 2) {
            LockSupport.parkNanos(1_000_000);
        }
        release.countDown();

        for (CompletableFuture<String> each : gathered) {
            assertThat(each.get(TIMEOUT_SECONDS, TimeUnit.SECONDS)).contains("writer");
        }
        // Several callers at a time: the next one may be one of them again, so it is gathered as well.
        assertThat(writer.write(THREAD)).contains("writer");
        // It came alone, so one of the next ones is made here: the writing thread may still have the connection for a
        // moment.
        while (writer.write(THREAD).contains("writer")) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void aVirtualThreadLeavesTheWaitForTheDiskToTheWritingThread() throws Exception {
        CompletableFuture<String> thread = new CompletableFuture<>();
        runner.start("perhaps-virtual", () -> thread.complete(writer.write(THREAD)));

        String name = thread.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);

        assertThat(name).contains(ThreadRunner.isVirtual() ? "writer" : "perhaps-virtual");
    }

    @Test
    void aFailureOfACallerThatIsAloneIsItsOwn() throws Exception {
        assertThatThrownBy(() -> writer.write(sql -> {
                    append("half done").run(sql);
                    throw new IllegalStateException("planted");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("planted");
        assertThat(writer.write(append("next"))).isEqualTo(1);
        assertThat(kept()).containsExactly("next");
    }

    @Test
    void closesAfterTheCallerThatWritesItself() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Integer> end = inThread(sql -> {
            begun.countDown();
            await(release);
            return append("kept").run(sql);
        });
        await(begun);
        CountDownLatch closed = new CountDownLatch(1);
        Thread closer = runner.startPlatform("closer", () -> {
            writer.close();
            closed.countDown();
        });
        while (closer.getState() != Thread.State.WAITING) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(closed.getCount()).isEqualTo(1);
        release.countDown();
        await(closed);

        assertThat(get(end)).isEqualTo(1);
        assertThat(kept()).containsExactly("kept");
        assertThatThrownBy(() -> writer.write(THREAD))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(Kind.CLOSED));
    }
}

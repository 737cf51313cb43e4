package dev.architect.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.attempt.ClaimRequest;
import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import dev.architect.store.jdbi.schema.Migrator;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import dev.architect.thread.ThreadRunner;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs of different age on one file, and several migrators at once. A newer program is SQL that does what its steps would. */
class SqliteUpgradeTest {

    private static final long TIMEOUT_SECONDS = 30;

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("architect.db");
    }

    /** Adds the step after the newest known one, as a newer program does in one transaction. */
    private void upgrade(int stepsBack, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 30000");
            statement.execute("BEGIN IMMEDIATE");
            for (String each : statements) {
                statement.execute(each);
            }
            statement.execute("INSERT INTO architect_migration (version, name, checksum, applied_at, readable_from)"
                    + " SELECT max(version) + 1, 'newer', 'abc', 0, max(version) + 1 - " + stepsBack
                    + " FROM architect_migration");
            statement.execute("COMMIT");
        }
    }

    private int newestStep() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT max(version) FROM architect_migration")) {
            return row.getInt(1);
        }
    }

    private static void assertTooNew(ThrowingCallable call, int known) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StoreException.class, failure -> {
            assertThat(failure.kind()).isEqualTo(Kind.TOO_NEW);
            assertThat(failure)
                    .hasMessageContaining("has schema " + (known + 1) + " (newer), expected at most " + known)
                    .hasMessageContaining(
                            "schema " + (known + 1) + " or later can use it, and this one knows " + known);
        });
    }

    @Test
    void anOlderProgramWorksThroughAndAfterAnUpgradeThatAllowsIt() throws Exception {
        try (SqliteStore running = SqliteStore.at(file())) {
            long node = running.nodes().join("older");
            running.tasks().submit(List.of(TaskRequest.prompt("before")));

            upgrade(
                    1,
                    "ALTER TABLE task ADD COLUMN hint TEXT",
                    "CREATE TABLE newer (id INTEGER PRIMARY KEY)",
                    "UPDATE task SET hint = 'h'");

            running.tasks().submit(List.of(TaskRequest.prompt("after")));
            assertThat(running.tasks().claim(ClaimRequest.of(node, 5, Set.of(TaskRequest.PROMPT))))
                    .hasSize(2);
            try (SqliteStore started = SqliteStore.at(file())) {
                started.tasks().submit(List.of(TaskRequest.prompt("later")));
                assertThat(running.tasks().list(TaskQuery.newest(10))).hasSize(3);
            }
        }
    }

    @Test
    void aRunningProgramRefusesToWriteAndToReadAfterAnUpgradeThatExcludesIt() throws Exception {
        try (SqliteStore running = SqliteStore.at(file())) {
            running.tasks().submit(List.of(TaskRequest.prompt("before")));
            int known = newestStep();

            upgrade(0, "CREATE TABLE newer (id INTEGER PRIMARY KEY)");

            assertTooNew(() -> running.tasks().submit(List.of(TaskRequest.prompt("after"))), known);
            assertTooNew(() -> running.tasks().counts(), known);
            assertTooNew(() -> SqliteStore.at(file()), known);
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM task")) {
            assertThat(row.getInt(1)).isEqualTo(1);
        }
    }

    @Test
    void aProgramThatOnlyWatchesNoticesTheUpgradeThatExcludesIt() throws Exception {
        try (SqliteStore running = SqliteStore.at(file())) {
            int known = newestStep();
            running.subscribe(change -> {});

            upgrade(0, "CREATE TABLE newer (id INTEGER PRIMARY KEY)");

            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
            while (isServing(running) && System.nanoTime() < deadline) {
                LockSupport.parkNanos(1_000_000);
            }
            assertTooNew(() -> running.tasks().counts(), known);
        }
    }

    private static boolean isServing(SqliteStore store) {
        try {
            return store.tasks().counts().isEmpty();
        } catch (StoreException refusal) {
            return false;
        }
    }

    @Test
    void storesThatOpenOneNewFileAtOnceMigrateItOnce() throws Exception {
        ThreadRunner runner = new ThreadRunner("openers");
        CyclicBarrier barrier = new CyclicBarrier(6);
        List<CompletableFuture<SqliteStore>> opening = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            CompletableFuture<SqliteStore> opened = new CompletableFuture<>();
            opening.add(opened);
            runner.startPlatform("opener", () -> {
                try {
                    barrier.await();
                    opened.complete(SqliteStore.at(file()));
                } catch (Throwable failure) {
                    opened.completeExceptionally(failure);
                }
            });
        }

        for (CompletableFuture<SqliteStore> each : opening) {
            each.get(TIMEOUT_SECONDS, TimeUnit.SECONDS).tasks().submit(List.of(TaskRequest.prompt("p")));
        }
        assertThat(opening.get(0).join().tasks().list(TaskQuery.newest(10))).hasSize(6);
        opening.forEach(each -> each.join().close());
        runner.close();
    }

    @Test
    void theLockOfStepsOutsideATransactionKeepsASecondMigratorOut() throws Exception {
        SqliteErrorReader failures = new SqliteErrorReader(file(), new StoreGuard());
        SqliteMigrationLock lock = new SqliteMigrationLock(
                () -> DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("db.migration.lock")),
                Duration.ofMillis(50),
                failures);
        try (Connection one = DriverManager.getConnection("jdbc:sqlite:" + file());
                Connection two = DriverManager.getConnection("jdbc:sqlite:" + file())) {
            try (Migrator.Lock.Held held = lock.acquire(one)) {
                assertThatThrownBy(() -> lock.acquire(two))
                        .satisfies(
                                failure -> assertThat(failures.isBusy(failure)).isTrue());
                assertThat(held).isNotNull();
                // The database itself is free meanwhile.
                lock.begin(two);
                lock.commit(two);
            }
            lock.acquire(two).close();
        }
    }
}

package dev.architect.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.error.StoreException;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import dev.architect.thread.ThreadRunner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports that take long. */
class SqliteReportsTest {

    private static final String ENDLESS =
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

    @TempDir
    Path directory;

    private SqliteStoreBuilder builder() {
        return SqliteStore.builder(directory.resolve("architect.db")).busyTimeout(Duration.ofMillis(200));
    }

    private static void holdAll(
            SqliteReadPool pool, int count, ThreadRunner runner, CountDownLatch held, CountDownLatch end) {
        for (int i = 0; i < count; i++) {
            runner.start(
                    "report",
                    () -> pool.read(handle -> {
                        held.countDown();
                        try {
                            return end.await(60, TimeUnit.SECONDS);
                        } catch (InterruptedException stop) {
                            return false;
                        }
                    }));
        }
    }

    @Test
    void theEngineDoesNotWaitForReports() throws Exception {
        CountDownLatch held = new CountDownLatch(6);
        CountDownLatch end = new CountDownLatch(1);
        try (SqliteStore store = builder().readers(4).open();
                ThreadRunner runner = new ThreadRunner("reports")) {
            holdAll(store.readers(), 4, runner, held, end);
            holdAll(store.reports(), 2, runner, held, end);
            assertThat(held.await(60, TimeUnit.SECONDS)).isTrue();

            long node = store.nodes().join("node");
            store.tasks().submit(List.of(TaskRequest.prompt("p")));
            List<ClaimedTask> claimed = store.tasks().claim(ClaimRequest.of(node, 1, Set.of(TaskRequest.PROMPT)));

            assertThat(claimed).hasSize(1);
            assertThat(store.tasks().untilNextDue()).isEmpty();
            assertThat(store.tasks().find(claimed.get(0).fencingToken().id())).isPresent();
            assertThat(store.nodes().deadOwners()).isEmpty();
            assertThat(store.nodes().beat(node)).isPresent();
            assertThatThrownBy(() -> store.ledger().newest(1))
                    .isInstanceOfSatisfying(
                            StoreException.class,
                            busy -> assertThat(busy.kind()).isEqualTo(StoreException.Kind.BUSY));
            end.countDown();
        }
    }

    @Test
    void aReportOnTheLedgerDelaysNoPage() throws Exception {
        CountDownLatch held = new CountDownLatch(2);
        CountDownLatch end = new CountDownLatch(1);
        try (SqliteStore store = builder().open();
                ThreadRunner runner = new ThreadRunner("reports")) {
            holdAll(store.reports(), 2, runner, held, end);
            assertThat(held.await(60, TimeUnit.SECONDS)).isTrue();

            assertThat(store.tasks().list(TaskQuery.newest(5))).isEmpty();
            assertThat(store.tasks().counts()).isEmpty();
            end.countDown();
        }
    }

    @Test
    void endsAQueryThatTakesTooLong() {
        try (SqliteStore store = builder().queryLimit(Duration.ofMillis(50)).open()) {
            assertThatThrownBy(() -> store.reports()
                            .read(handle -> handle.createQuery(ENDLESS)
                                    .mapTo(Long.class)
                                    .one()))
                    .isInstanceOfSatisfying(StoreException.class, busy -> {
                        assertThat(busy.kind()).isEqualTo(StoreException.Kind.BUSY);
                        assertThat(busy).hasMessageContaining("architect.db took too long to answer");
                    });

            assertThat(store.ledger().newest(1)).isEmpty();
        }
    }
}

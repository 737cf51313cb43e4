package dev.architect.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.store.jdbi.task.NewTask;
import dev.architect.store.postgres.connection.ConnectionTestCase;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tasks of several callers in one transaction. */
@Timeout(120)
class GroupedSubmitsTest extends ConnectionTestCase {

    /** Counts transactions, and holds each back until it is let through. */
    private final class GatedWrites implements TransactionalWrites {

        private final TransactionalWrites writes =
                GroupedSubmitsTest.this.writes(connections(plain(), false, BUSY_TIMEOUT, COUNT + 5));
        private final AtomicInteger transactions = new AtomicInteger();
        private final Semaphore arrived = new Semaphore(0);
        private final Semaphore gate = new Semaphore(0, true);
        private volatile @Nullable StoreException failure;

        @Override
        public <T extends @Nullable Object> T write(Body<T> body) {
            transactions.incrementAndGet();
            arrived.release();
            gate.acquireUninterruptibly();
            StoreException wanted = failure;
            if (wanted != null) {
                throw wanted;
            }
            return writes.write(body);
        }

        void awaitTransactions(int count) throws InterruptedException {
            assertThat(arrived.tryAcquire(count, 60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private final GatedWrites gated = new GatedWrites();
    private final GroupedSubmits grouped = new GroupedSubmits(GroupedSubmitsTest::insertAll);

    private static void insertAll(WriteConnection sql, List<NewTask> tasks) throws SQLException {
        try (var insert = sql.connection().prepareStatement("INSERT INTO item (id) VALUES (?)")) {
            for (NewTask task : tasks) {
                switch (task.request().payload()) {
                    case "broken" -> throw new IllegalArgumentException("a broken task");
                    case "fatal" -> throw new AssertionError("a fatal task");
                    default -> {
                        insert.setLong(1, task.id().value());
                        insert.executeUpdate();
                    }
                }
            }
        }
    }

    private int insert(int id) {
        return insert(id, "payload");
    }

    private int insert(int id, String payload) {
        grouped.submit(gated, List.of(new NewTask(new TaskId(id), TaskRequest.of("test", payload), 0, 1, 1)));
        return id;
    }

    private CompletableFuture<Integer> insertLater(int id) {
        return async(() -> insert(id));
    }

    private CompletableFuture<Integer> insertBehind(int id, String payload) {
        int before = grouped.waitingCount();
        CompletableFuture<Integer> result = async(() -> insert(id, payload));
        while (grouped.waitingCount() == before) {
            LockSupport.parkNanos(1_000_000);
        }
        return result;
    }

    /** Two leaders are under way, and {@code ids} wait behind them. */
    private List<CompletableFuture<Integer>> waitingBehindTwo(int... ids) throws InterruptedException {
        List<CompletableFuture<Integer>> results = new ArrayList<>();
        results.add(insertLater(1));
        results.add(insertLater(2));
        gated.awaitTransactions(2);
        for (int id : ids) {
            results.add(insertBehind(id, "payload"));
        }
        return results;
    }

    @Test
    void aCallerThatIsAloneHasItsOwnTransactionAtOnce() {
        gated.gate.release(1);

        assertThat(insert(5)).isEqualTo(5);
        assertThat(gated.transactions).hasValue(1);
    }

    @Test
    void thoseThatWaitShareOneTransaction() throws Exception {
        List<CompletableFuture<Integer>> results = waitingBehindTwo(3, 4, 5, 6, 7, 8);

        gated.gate.release(100);

        assertThat(all(results)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(gated.transactions).hasValueLessThanOrEqualTo(4);
        assertThat(items()).isEqualTo(8);
    }

    @Test
    void noMoreThanTwoTransactionsAreUnderWay() throws Exception {
        List<CompletableFuture<Integer>> results = waitingBehindTwo(3, 4, 5);

        assertThat(gated.transactions).hasValue(2);
        gated.gate.release(100);
        assertThat(all(results)).hasSize(5);
    }

    @Test
    void oneThatCannotBeMadeFailsAlone() throws Exception {
        List<CompletableFuture<Integer>> results = waitingBehindTwo(3, 1, 4, 5);
        // The two that came first are through before the group is: another order would make the first one fail.
        gated.gate.release(2);
        assertThat(all(results.subList(0, 2))).containsExactly(1, 2);
        gated.gate.release(100);

        assertThat(all(List.of(results.get(2), results.get(4), results.get(5)))).containsExactly(3, 4, 5);
        assertThatThrownBy(() -> results.get(3).get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(StoreException.class);
        assertThat(items()).isEqualTo(5);
    }

    @Test
    void aTaskThatCannotBeWrittenFailsAlone() throws Exception {
        List<CompletableFuture<Integer>> results = waitingBehindTwo(3);
        CompletableFuture<Integer> broken = insertBehind(4, "broken");
        gated.gate.release(100);

        assertThat(all(results)).containsExactly(1, 2, 3);
        assertThatThrownBy(() -> broken.get(60, TimeUnit.SECONDS))
                .hasCauseInstanceOf(IllegalArgumentException.class)
                .hasRootCauseMessage("a broken task");
    }

    @Test
    void anUnknownOutcomeIsUnknownToAllAndNotRepeated() throws Exception {
        List<CompletableFuture<Integer>> results = waitingBehindTwo(3, 4);
        gated.failure = new StoreException(Kind.OUTCOME_UNKNOWN, "no answer", null);
        gated.gate.release(100);

        for (CompletableFuture<Integer> result : results) {
            assertThatThrownBy(() -> result.get(60, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(
                            StoreException.class,
                            failure -> assertThat(failure.kind()).isEqualTo(Kind.OUTCOME_UNKNOWN));
        }
        assertThat(gated.transactions).hasValueLessThanOrEqualTo(4);
        gated.failure = null;
        assertThat(insert(9)).isEqualTo(9);
    }

    @Test
    void anInterruptedCallerThatWaitsLeavesTheOthers() throws Exception {
        List<CompletableFuture<Integer>> results = waitingBehindTwo(3);
        CountDownLatch ended = new CountDownLatch(1);
        CompletableFuture<Boolean> wasInterrupted = new CompletableFuture<>();
        Thread interrupted = runner.startPlatform("interrupted", () -> {
            try {
                insert(4);
            } catch (StoreException busy) {
                wasInterrupted.complete(busy.kind() == Kind.BUSY && Thread.interrupted());
            }
            ended.countDown();
        });
        while (grouped.waitingCount() < 2) {
            LockSupport.parkNanos(1_000_000);
        }
        interrupted.interrupt();
        assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(wasInterrupted.get(60, TimeUnit.SECONDS)).isTrue();
        gated.gate.release(100);

        assertThat(all(results)).containsExactly(1, 2, 3);
        assertThat(items()).isEqualTo(3);
    }

    @Test
    void everyCallerOfManyGetsItsOwnResult() throws Exception {
        gated.gate.release(1_000_000);
        List<CompletableFuture<Integer>> callers = new ArrayList<>();
        for (int caller = 0; caller < 16; caller++) {
            int first = caller * 1_000;
            callers.add(async(() -> {
                for (int i = 1; i <= 50; i++) {
                    if (i % 10 == 0) {
                        assertThat(kindOf(() -> insert(first + 1))).isEqualTo(Kind.FAILED);
                    } else {
                        assertThat(insert(first + i)).isEqualTo(first + i);
                    }
                }
                return 45;
            }));
        }

        assertThat(all(callers)).hasSize(16).containsOnly(45);
        assertThat(items()).isEqualTo(16 * 45);
    }

    @Test
    void anErrorOfOneLeavesTheOthersTheirResults() throws Exception {
        List<CompletableFuture<Integer>> results = waitingBehindTwo(3);
        CompletableFuture<Integer> broken = insertBehind(4, "fatal");
        gated.gate.release(100);

        assertThat(all(results)).containsExactly(1, 2, 3);
        assertThatThrownBy(() -> broken.get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(AssertionError.class);
    }

    @Test
    void aLongListHasATransactionOfItsOwn() throws Exception {
        List<CompletableFuture<Integer>> results = waitingBehindTwo(3);
        List<NewTask> many = IntStream.range(100, 200)
                .mapToObj(id -> new NewTask(new TaskId(id), TaskRequest.prompt("p"), 0, 1, 1))
                .toList();
        gated.gate.release(100);

        grouped.submit(gated, many);

        assertThat(all(results)).containsExactly(1, 2, 3);
        assertThat(items()).isEqualTo(103);
    }
}

package dev.architect.store.postgres.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import dev.architect.store.jdbi.TransactionalWrites;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Changes of several callers in one transaction. */
@Timeout(120)
class GroupedWritesTest extends ConnectionTestCase {

    /** Counts transactions, and holds each back until it is let through. */
    private final class GatedWrites implements TransactionalWrites {

        private final TransactionalWrites writes =
                GroupedWritesTest.this.writes(connections(plain(), false, BUSY_TIMEOUT, COUNT + 5));
        private final AtomicInteger transactions = new AtomicInteger();
        private final Semaphore arrived = new Semaphore(0);
        private final Semaphore gate = new Semaphore(0);
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
    private final GroupedWrites grouped = new GroupedWrites(gated);

    private CompletableFuture<Integer> insertLater(int id) {
        return async(() -> insert(id));
    }

    private int insert(int id) {
        return grouped.<Integer>write(sql -> {
            try (var insert = sql.connection().prepareStatement("INSERT INTO item (id) VALUES (?)")) {
                insert.setInt(1, id);
                return insert.executeUpdate() * id;
            }
        });
    }

    /** Two leaders are under way, and {@code ids} wait behind them. */
    private List<CompletableFuture<Integer>> waitingBehindTwo(int... ids) throws InterruptedException {
        List<CompletableFuture<Integer>> results = new ArrayList<>();
        results.add(insertLater(1));
        results.add(insertLater(2));
        gated.awaitTransactions(2);
        for (int id : ids) {
            int before = grouped.waitingCount();
            results.add(insertLater(id));
            while (grouped.waitingCount() == before) {
                Thread.onSpinWait();
            }
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
        gated.gate.release(100);

        assertThat(all(List.of(results.get(0), results.get(1), results.get(2), results.get(4), results.get(5))))
                .containsExactly(1, 2, 3, 4, 5);
        assertThatThrownBy(() -> results.get(3).get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(StoreException.class);
        assertThat(items()).isEqualTo(5);
    }

    @Test
    void aFailureOfACallersOwnCodeIsItsOwn() throws Exception {
        List<CompletableFuture<Integer>> results = waitingBehindTwo(3);
        int before = grouped.waitingCount();
        CompletableFuture<Integer> broken = async(() -> grouped.<Integer>write(sql -> {
            throw new IllegalArgumentException("of the caller");
        }));
        while (grouped.waitingCount() == before) {
            Thread.onSpinWait();
        }
        gated.gate.release(100);

        assertThat(all(results)).containsExactly(1, 2, 3);
        assertThatThrownBy(() -> broken.get(60, TimeUnit.SECONDS))
                .hasCauseInstanceOf(IllegalArgumentException.class)
                .hasRootCauseMessage("of the caller");
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
            Thread.onSpinWait();
        }
        interrupted.interrupt();
        assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(wasInterrupted.get(1, TimeUnit.SECONDS)).isTrue();
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
        int before = grouped.waitingCount();
        CompletableFuture<Integer> broken = async(() -> grouped.<Integer>write(sql -> {
            throw new AssertionError("a broken change");
        }));
        while (grouped.waitingCount() == before) {
            Thread.onSpinWait();
        }
        gated.gate.release(100);

        assertThat(all(results)).containsExactly(1, 2, 3);
        assertThatThrownBy(() -> broken.get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(AssertionError.class);
    }

    @Test
    void failuresOfStatementsAreStoreExceptions() throws Exception {
        gated.gate.release(10);

        assertThat(kindOf(() -> grouped.<Integer>write(sql -> {
                    throw new SQLException("of the database", "22021");
                })))
                .isEqualTo(Kind.FAILED);
    }
}

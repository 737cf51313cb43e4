package dev.architect.store.postgres.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import dev.architect.postgres.FaultProxy;
import dev.architect.postgres.FaultProxy.CommitFault;
import dev.architect.store.jdbi.WriteConnection;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Changes, each in a transaction of its own, that meet others and lose their connections. */
@Timeout(120)
class PostgresWritesTest extends ConnectionTestCase {

    private static int insert(WriteConnection sql, int id) throws SQLException {
        try (var insert = sql.connection().prepareStatement("INSERT INTO item (id) VALUES (?)")) {
            insert.setInt(1, id);
            return insert.executeUpdate();
        }
    }

    private static long backend(WriteConnection sql) throws SQLException {
        return number(sql.connection(), "SELECT pg_backend_pid()");
    }

    static long number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void keepsAChangeAsAWholeOrNotAtAll() {
        PostgresWrites writes = writes(connections(pool()));

        assertThat(writes.<Integer>write(sql -> insert(sql, 1) + insert(sql, 2)))
                .isEqualTo(2);
        assertThatThrownBy(() -> writes.<Integer>write(sql -> insert(sql, 3) + insert(sql, 1)))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(Kind.FAILED));

        assertThat(items()).isEqualTo(2);
    }

    @Test
    void passesAFailureOfTheChangeItselfOn() {
        PostgresWrites writes = writes(connections(pool()));

        assertThatThrownBy(() -> writes.<Integer>write(sql -> {
                    insert(sql, 1);
                    throw new IllegalArgumentException("of the caller");
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("of the caller");

        assertThat(items()).isZero();
    }

    @Test
    void repeatsAChangeThatWasChosenToEndADeadlock() throws Exception {
        // Two of six are for changes.
        PostgresWrites writes = writes(connections(plain(), false, BUSY_TIMEOUT, COUNT + 1));
        writes.write(sql -> insert(sql, 1) + insert(sql, 2));
        CyclicBarrier bothHaveOne = new CyclicBarrier(2);
        AtomicInteger runs = new AtomicInteger();

        CompletableFuture<Integer> first =
                async(() -> writes.<Integer>write(sql -> lockBoth(sql, 1, 2, runs, bothHaveOne)));
        CompletableFuture<Integer> second =
                async(() -> writes.<Integer>write(sql -> lockBoth(sql, 2, 1, runs, bothHaveOne)));

        assertThat(first.get(60, TimeUnit.SECONDS) + second.get(60, TimeUnit.SECONDS))
                .isEqualTo(4);
        assertThat(runs).hasValue(3);
    }

    private static int lockBoth(WriteConnection sql, int one, int other, AtomicInteger runs, CyclicBarrier bothHaveOne)
            throws SQLException {
        int run = runs.incrementAndGet();
        int locked = lock(sql, one);
        if (run <= 2) {
            try {
                bothHaveOne.await(60, TimeUnit.SECONDS);
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        }
        return locked + lock(sql, other);
    }

    private static int lock(WriteConnection sql, int id) throws SQLException {
        try (Statement statement = sql.connection().createStatement()) {
            return statement.executeUpdate("UPDATE item SET id = id WHERE id = " + id);
        }
    }

    @Test
    void givesUpWhenOthersAreAlwaysInTheWay() throws Exception {
        PostgresWrites writes = writes(connections(pool()));
        AtomicInteger runs = new AtomicInteger();

        Kind kind = kindOf(() -> writes.<Integer>write(sql -> {
            runs.incrementAndGet();
            throw new SQLException("could not serialize access", "40001");
        }));

        assertThat(kind).isEqualTo(Kind.BUSY);
        assertThat(runs.get()).isBetween(5, 20);
    }

    @Test
    void repeatsAChangeWhoseConnectionIsLostBeforeTheCommit() {
        PostgresWrites writes = writes(connections(pool()));
        AtomicInteger runs = new AtomicInteger();

        writes.write(sql -> {
            insert(sql, 1);
            if (runs.incrementAndGet() == 1) {
                database().count("SELECT count(pg_terminate_backend(" + backend(sql) + "))");
            }
            return insert(sql, 2);
        });

        assertThat(runs).hasValue(2);
        assertThat(items()).isEqualTo(2);
    }

    @Test
    void doesNotKnowWhetherACommitWithoutAnAnswerWasKept() throws Exception {
        for (CommitFault fault : new CommitFault[] {CommitFault.CUT_BEFORE, CommitFault.CUT_AFTER}) {
            try (FaultProxy proxy = FaultProxy.to(server())) {
                PostgresWrites writes = writes(connections(pool(proxy.jdbcUrl(database()), config -> {})));
                AtomicInteger runs = new AtomicInteger();
                proxy.commitFaults((number, statements) ->
                        statements.stream().anyMatch(sql -> sql.contains("item")) ? fault : CommitFault.NONE);
                int id = fault.ordinal();

                Kind kind = kindOf(() -> writes.<Integer>write(sql -> {
                    runs.incrementAndGet();
                    return insert(sql, id);
                }));

                assertThat(kind).isEqualTo(Kind.OUTCOME_UNKNOWN);
                assertThat(runs).hasValue(1);
                assertThat(database().count("SELECT count(*) FROM item WHERE id = " + id))
                        .isEqualTo(fault == CommitFault.CUT_AFTER ? 1 : 0);
                proxy.noCommitFaults();
                assertThat(writes.<Integer>write(sql -> insert(sql, 100 + id))).isOne();
            }
        }
    }

    @Test
    void waitsForADatabaseThatCannotBeReached() throws Exception {
        try (FaultProxy proxy = FaultProxy.to(server())) {
            PostgresWrites writes = writes(connections(pool(proxy.jdbcUrl(database()), config -> {})));
            writes.write(sql -> insert(sql, 1));
            proxy.refuse();
            CountDownLatch begun = new CountDownLatch(1);
            CompletableFuture<Integer> waiting = async(() -> {
                begun.countDown();
                return writes.<Integer>write(sql -> insert(sql, 2));
            });
            assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
            proxy.accept();

            assertThat(waiting.get(60, TimeUnit.SECONDS)).isOne();
        }
    }

    @Test
    void isBusyWhenTheDatabaseStaysAway() throws Exception {
        try (FaultProxy proxy = FaultProxy.to(server())) {
            PostgresWrites writes =
                    writes(connections(pool(proxy.jdbcUrl(database()), config -> {}), false, Duration.ofMillis(300)));
            proxy.refuse();

            assertThat(kindOf(() -> writes.<Integer>write(sql -> insert(sql, 2))))
                    .isEqualTo(Kind.BUSY);
        }
    }

    @Test
    void anInterruptedCallerThatWaitsForAConnectionIsBusyAndStaysInterrupted() throws Exception {
        PostgresConnections connections = connections(pool());
        PostgresWrites writes = writes(connections);
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        // Of five connections one is for changes.
        CompletableFuture<Integer> inUse = async(() -> writes.<Integer>write(sql -> {
            begun.countDown();
            await(mayEnd);
            return 0;
        }));
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();

        Thread.currentThread().interrupt();
        Kind kind = kindOf(() -> writes.<Integer>write(sql -> insert(sql, 1)));
        boolean isInterrupted = Thread.interrupted();

        mayEnd.countDown();
        inUse.get(60, TimeUnit.SECONDS);
        assertThat(kind).isEqualTo(Kind.BUSY);
        assertThat(isInterrupted).isTrue();
        assertThat(items()).isZero();
    }

    static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    @Test
    void anInterruptedCallerThatNeedNotWaitGetsItsAnswer() {
        PostgresWrites writes = writes(connections(pool()));
        writes.write(sql -> insert(sql, 1));

        Thread.currentThread().interrupt();
        int inserted = writes.<Integer>write(sql -> {
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            return insert(sql, 2);
        });

        assertThat(Thread.interrupted()).isTrue();
        assertThat(inserted).isOne();
    }

    @Test
    void isClosedAfterwards() throws Exception {
        PostgresConnections connections = connections(pool());
        PostgresWrites writes = writes(connections);
        connections.close();

        assertThat(kindOf(() -> writes.<Integer>write(sql -> 1))).isEqualTo(Kind.CLOSED);
    }

    @Test
    void closingCutsWhatDoesNotEnd() throws Exception {
        PostgresConnections connections = connections(pool());
        PostgresWrites writes = writes(connections);
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Kind> long1 = async(() -> kindOf(() -> writes.<Long>write(sql -> {
            begun.countDown();
            return number(sql.connection(), "SELECT 1 FROM pg_sleep(60)");
        })));
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();

        connections.close();

        assertThat(long1.get(60, TimeUnit.SECONDS)).isEqualTo(Kind.CLOSED);
    }
}

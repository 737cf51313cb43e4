package dev.architect.store.jdbi.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.store.jdbi.SqlDialect;
import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.store.jdbi.WriteConnection;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TaskIdsTest {

    private Connection connection;
    private WriteConnection sql;

    @BeforeEach
    void open() throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE id_block (name TEXT PRIMARY KEY, next INTEGER NOT NULL)");
            statement.execute("INSERT INTO id_block VALUES ('task', 1)");
        }
        sql = new WriteConnection(connection, SqlDialect.SQLITE);
    }

    @AfterEach
    void close() throws SQLException {
        sql.close();
    }

    /** Writes at once, one caller at a time. */
    private final class Writes implements TransactionalWrites {

        @Override
        public synchronized <T extends @Nullable Object> T write(Body<T> body) {
            try {
                return body.run(sql);
            } catch (SQLException failure) {
                throw new IllegalStateException(failure);
            }
        }
    }

    @Test
    void givesEveryNumberOnceAndWastesNone() {
        TaskIds ids = new TaskIds(new Writes());

        long[] numbers = LongStream.of(1, 1_000, 100, 5_000, 3, 2_048)
                .flatMap(count -> LongStream.of(ids.take((int) count)))
                .toArray();

        assertThat(numbers).doesNotHaveDuplicates().isSorted();
        assertThat(numbers)
                .containsExactly(LongStream.rangeClosed(1, numbers.length).toArray());
    }

    /** A store that is away must not make those wait who need nothing of it. */
    @Test
    void holdsNoLockWhileItWaitsForTheStore() throws Exception {
        CountDownLatch isWaiting = new CountDownLatch(1);
        CountDownLatch isBack = new CountDownLatch(1);
        Writes writes = new Writes();
        TaskIds ids = new TaskIds(new TransactionalWrites() {
            @Override
            public <T extends @Nullable Object> T write(Body<T> body) {
                if (isBack.getCount() == 1 && isWaiting.getCount() == 1) {
                    isWaiting.countDown();
                    try {
                        assertThat(isBack.await(60, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException stop) {
                        throw new IllegalStateException(stop);
                    }
                }
                return writes.write(body);
            }
        });
        CompletableFuture<long[]> waiting = new CompletableFuture<>();
        Thread thread = new Thread(() -> waiting.complete(ids.take(1)));
        thread.start();
        assertThat(isWaiting.await(60, TimeUnit.SECONDS)).isTrue();

        CompletableFuture<long[]> ofTheHost = new CompletableFuture<>();
        Thread host = new Thread(() -> {
            try {
                ofTheHost.complete(ids.take(sql, 2));
            } catch (SQLException failure) {
                ofTheHost.completeExceptionally(failure);
            }
        });
        host.start();
        long[] taken = ofTheHost.get(60, TimeUnit.SECONDS);
        long[] others = ids.take(3);
        isBack.countDown();

        assertThat(LongStream.concat(
                                LongStream.of(taken),
                                LongStream.concat(
                                        LongStream.of(others), LongStream.of(waiting.get(60, TimeUnit.SECONDS))))
                        .toArray())
                .hasSize(6)
                .doesNotHaveDuplicates();
        thread.join();
        host.join();
    }
}

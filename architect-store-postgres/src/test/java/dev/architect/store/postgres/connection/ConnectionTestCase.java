package dev.architect.store.postgres.connection;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import dev.architect.store.jdbi.SqlDialect;
import dev.architect.store.postgres.DatabaseTestCase;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.postgresql.ds.PGSimpleDataSource;

/** Connections to the database of a test, and a table {@code item} to write to. */
public abstract class ConnectionTestCase extends DatabaseTestCase {

    protected static final Duration BUSY_TIMEOUT = Duration.ofSeconds(20);
    protected static final int COUNT = 5;

    protected final ThreadRunner runner = new ThreadRunner("connection-test");
    protected final PostgresErrorReader failures = new PostgresErrorReader("the database");

    /** For subclasses. */
    protected ConnectionTestCase() {}

    @BeforeEach
    void createTable() {
        opened(runner);
        database().execute("CREATE TABLE item (id int PRIMARY KEY)");
    }

    /** New connections without a pool. */
    protected PGSimpleDataSource plain() {
        return plain(database().jdbcUrl());
    }

    protected PGSimpleDataSource plain(String url) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(url);
        source.setUser(database().user());
        source.setPassword(database().password());
        return source;
    }

    protected HikariDataSource pool(String url, Consumer<HikariConfig> options) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(plain(url));
        config.setMaximumPoolSize(COUNT);
        config.setConnectionTimeout(1_000);
        options.accept(config);
        return opened(new HikariDataSource(config));
    }

    protected HikariDataSource pool() {
        return pool(database().jdbcUrl(), config -> {});
    }

    protected PostgresConnections connections(DataSource source, boolean isPerTransaction, Duration busyTimeout) {
        return connections(source, isPerTransaction, busyTimeout, COUNT);
    }

    protected PostgresConnections connections(
            DataSource source, boolean isPerTransaction, Duration busyTimeout, int count) {
        return opened(new PostgresConnections(
                source,
                () -> {},
                SessionSettings.of("public", isPerTransaction, true, busyTimeout, Duration.ofSeconds(10)),
                failures,
                new PrimaryHistory("the database"),
                busyTimeout,
                count));
    }

    protected PostgresConnections connections(DataSource source) {
        return connections(source, false, BUSY_TIMEOUT);
    }

    protected PostgresWrites writes(PostgresConnections connections) {
        return new PostgresWrites(connections, ConnectionUse.ENGINE, SqlDialect.SQLITE);
    }

    protected long items() {
        return database().count("SELECT count(*) FROM item");
    }

    protected static Kind kindOf(Callable<?> call) throws Exception {
        try {
            call.call();
            throw new AssertionError("it succeeded, expected a StoreException");
        } catch (StoreException failure) {
            return failure.kind();
        }
    }

    protected <T> CompletableFuture<T> async(Callable<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        runner.startPlatform("call", () -> {
            try {
                result.complete(call.call());
            } catch (Throwable failure) {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    protected static <T> List<T> all(List<CompletableFuture<T>> futures) throws Exception {
        List<T> results = new ArrayList<>();
        for (CompletableFuture<T> future : futures) {
            results.add(future.get(60, TimeUnit.SECONDS));
        }
        return results;
    }
}

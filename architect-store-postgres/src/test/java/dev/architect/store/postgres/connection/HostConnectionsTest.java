package dev.architect.store.postgres.connection;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.architect.error.StoreException.Kind;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections of a host: used with the store's settings, and given back as they were. */
@Timeout(120)
class HostConnectionsTest extends ConnectionTestCase {

    private static final String STATE = "SELECT concat_ws(' ', current_setting('search_path'),"
            + " current_setting('synchronous_commit'), current_setting('statement_timeout'), current_setting('jit'),"
            + " current_setting('default_transaction_isolation'), current_setting('transaction_isolation'))";

    private static String state(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(STATE)) {
            row.next();
            return row.getString(1) + " " + connection.getAutoCommit() + " " + connection.isReadOnly() + " "
                    + connection.getNetworkTimeout();
        }
    }

    /** A source that hands out the same connection again and again, as it is, as a very simple pool does. */
    private static DataSource always(Connection connection) {
        Connection kept = (Connection) Proxy.newProxyInstance(
                HostConnectionsTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, args) -> {
                    try {
                        return method.getName().equals("close") ? null : method.invoke(connection, args);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
        return (DataSource) Proxy.newProxyInstance(
                HostConnectionsTest.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, args) -> kept);
    }

    private void assertGivenBackAsItWas(Connection host) throws Exception {
        String before = state(host);
        host.commit();
        PostgresConnections connections = connections(always(host), true, BUSY_TIMEOUT);

        String during = writes(connections).write(sql -> state(sql.connection()));
        assertThat(during).startsWith("\"public\", pg_temp on 10s off").contains("read committed false false");
        assertThat(state(host)).isEqualTo(before);
        host.commit();

        PostgresReads reads = new PostgresReads(connections, ConnectionUse.PAGES);
        String read = reads.read(
                handle -> handle.createQuery(STATE).mapTo(String.class).one());
        assertThat(read).startsWith("\"public\", pg_temp on 10s off").endsWith("repeatable read");
        assertThat(state(host)).isEqualTo(before);
        host.commit();

        assertThat(kindOf(() -> writes(connections).write(sql -> {
                    sql.execute("INSERT INTO item (id) VALUES (1)");
                    sql.execute("SELECT no_such_column");
                    return 0;
                })))
                .isEqualTo(Kind.FAILED);
        assertThat(state(host)).isEqualTo(before);
        host.commit();
        assertThat(items()).isZero();

        new PostgresWrites(connections, ConnectionUse.NODE, dev.architect.store.jdbi.SqlDialect.SQLITE).write(sql -> {
            assertThat(sql.connection().getNetworkTimeout()).isEqualTo(3_000);
            return 0;
        });
        assertThat(state(host)).isEqualTo(before);
    }

    @Test
    void comeBackWithTheHostsSettings() throws Exception {
        try (Connection host = plain().getConnection()) {
            try (Statement statement = host.createStatement()) {
                statement.execute("CREATE SCHEMA hosts; SET search_path = hosts; SET synchronous_commit = off;"
                        + " SET statement_timeout = 77777; SET default_transaction_isolation = 'serializable'");
            }
            host.setAutoCommit(false);
            host.setNetworkTimeout(Runnable::run, 55_000);
            assertGivenBackAsItWas(host);
        }
    }

    @Test
    void comeBackReadOnlyWhereTheyWere() throws Exception {
        try (Connection host = plain().getConnection()) {
            host.setReadOnly(true);
            host.setAutoCommit(false);
            assertGivenBackAsItWas(host);
        }
    }

    @Test
    void keepStrongerDurability() throws Exception {
        try (Connection host = plain().getConnection()) {
            try (Statement statement = host.createStatement()) {
                statement.execute("SET synchronous_commit = remote_apply");
            }
            PostgresConnections connections = connections(always(host), true, BUSY_TIMEOUT);

            assertThat(writes(connections).<String>write(sql -> state(sql.connection())))
                    .contains("remote_apply");
        }
    }

    @Test
    void areAllInThePoolAgainAfterManyCalls() throws Exception {
        HikariDataSource pool = pool(database().jdbcUrl(), config -> {
            config.setAutoCommit(false);
            config.setTransactionIsolation("TRANSACTION_SERIALIZABLE");
        });
        PostgresConnections connections = connections(pool, true, BUSY_TIMEOUT);
        for (int i = 0; i < 30; i++) {
            int id = i;
            CompletableFuture<Integer> write = async(() -> writes(connections).<Integer>write(sql -> {
                sql.execute("INSERT INTO item (id) VALUES (" + id + ")");
                if (id % 3 == 0) {
                    throw new IllegalStateException("of the caller");
                }
                return 1;
            }));
            boolean hasFailed = write.handle((done, failure) -> failure != null).get(60, TimeUnit.SECONDS);
            assertThat(hasFailed).isEqualTo(id % 3 == 0);
        }
        assertThat(items()).isEqualTo(20);
        assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
    }

    @Test
    void ofOneUseAreNotTakenByAnother() throws Exception {
        PostgresConnections connections = connections(pool());
        CountDownLatch begun = new CountDownLatch(2);
        CountDownLatch mayEnd = new CountDownLatch(1);
        List<CompletableFuture<Integer>> busy = List.of(
                async(() -> hold(connections, ConnectionUse.REPORTS, begun, mayEnd)),
                async(() -> hold(connections, ConnectionUse.PAGES, begun, mayEnd)));
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        // More of them wait, for nothing.
        PostgresConnections impatient = connections;
        CompletableFuture<Integer> waiting =
                async(() -> hold(impatient, ConnectionUse.REPORTS, new CountDownLatch(1), mayEnd));

        int written = writes(connections).<Integer>write(sql -> {
            sql.execute("INSERT INTO item (id) VALUES (1)");
            return 1;
        });
        assertThat(written).isOne();
        assertThat(waiting).isNotDone();
        mayEnd.countDown();
        assertThat(all(busy)).hasSize(2);
        assertThat(waiting.get(60, TimeUnit.SECONDS)).isOne();
    }

    private static int hold(
            PostgresConnections connections, ConnectionUse use, CountDownLatch begun, CountDownLatch mayEnd) {
        return new PostgresReads(connections, use).read(handle -> {
            begun.countDown();
            PostgresWritesTest.await(mayEnd);
            return handle.createQuery("SELECT 1").mapTo(Integer.class).one();
        });
    }

    @Test
    void everyNumberOfConnectionsIsDividedWithoutARest() {
        for (int total = 5; total <= 500; total++) {
            int sum = 0;
            for (ConnectionUse use : ConnectionUse.values()) {
                assertThat(use.shareOf(total)).isPositive();
                sum += use.shareOf(total);
            }
            assertThat(sum).isEqualTo(total);
        }
    }

    @Test
    void aQueryThatTakesTooLongIsEndedByTheDatabase() throws Exception {
        PostgresConnections connections = opened(new PostgresConnections(
                pool(),
                () -> {},
                SessionSettings.of("public", true, true, BUSY_TIMEOUT, Duration.ofMillis(100)),
                failures,
                new PrimaryHistory("the database"),
                BUSY_TIMEOUT,
                COUNT));
        for (ConnectionUse use : ConnectionUse.values()) {
            assertThat(kindOf(() -> new PostgresReads(connections, use)
                            .read(handle -> handle.createQuery("SELECT 1 FROM pg_sleep(30)")
                                    .mapTo(Integer.class)
                                    .one())))
                    .isEqualTo(Kind.BUSY);
        }
    }

    @Test
    void aReadWhoseConnectionIsLostIsMadeAgain() throws Exception {
        PostgresConnections connections = connections(pool());
        int[] runs = new int[1];

        int read = new PostgresReads(connections, ConnectionUse.ENGINE).read(handle -> {
            int pid = handle.createQuery("SELECT pg_backend_pid()")
                    .mapTo(Integer.class)
                    .one();
            if (runs[0]++ == 0) {
                database().count("SELECT count(pg_terminate_backend(" + pid + "))");
            }
            return handle.createQuery("SELECT 42").mapTo(Integer.class).one();
        });

        assertThat(read).isEqualTo(42);
        assertThat(runs[0]).isEqualTo(2);
    }

    @Test
    void aReportSeesTheSameRowsInAllItsStatements() {
        PostgresConnections connections = connections(pool());

        int changed = new PostgresReads(connections, ConnectionUse.REPORTS)
                .read(handle -> handle.inTransaction(snapshot -> {
                    int before = snapshot.createQuery("SELECT count(*) FROM item")
                            .mapTo(Integer.class)
                            .one();
                    database().execute("INSERT INTO item (id) VALUES (7)");
                    return snapshot.createQuery("SELECT count(*) FROM item")
                                    .mapTo(Integer.class)
                                    .one()
                            - before;
                }));

        assertThat(changed).isZero();
        assertThat(items()).isOne();
    }
}

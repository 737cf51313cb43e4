package dev.architect.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.node.StoreDescription;
import dev.architect.node.StoreDescription.Reach;
import dev.architect.postgres.PostgresDatabase;
import dev.architect.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

final class PostgresFactsTest {

    private static PostgresServer server;
    private static PostgresDatabase database;

    @BeforeAll
    static void start() {
        // Its own, because streams of a server are seen in all its databases.
        server = PostgresServer.start(PostgresServer.Version.V15, Map.of());
        database = server.createDatabase();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aServerAloneSaysThatItHasNoStandby() {
        try (PostgresStore store = PostgresStore.builder(database.jdbcUrl())
                .user(database.user())
                .password(database.password())
                .open()) {
            StoreDescription description = store.description();

            assertThat(description.kind()).startsWith("PostgreSQL 15.");
            assertThat(description.reach()).isEqualTo(Reach.NETWORK);
            assertThat(description.standbys()).isEqualTo(OptionalInt.of(0));
            assertThat(description.detail()).contains("pg_stat_replication");
        }
    }

    @Test
    void aStreamOfItsLogIsAStandbyForWhoeverMaySeeItsState() throws Exception {
        database.execute("CREATE ROLE plain LOGIN PASSWORD 'secret'; CREATE SCHEMA plain AUTHORIZATION plain");
        try (PostgresStore privileged = PostgresStore.builder(database.jdbcUrl())
                        .user(database.user())
                        .password(database.password())
                        .schema("facts")
                        .open();
                PostgresStore plain = PostgresStore.builder(database.jdbcUrl())
                        .user("plain")
                        .password("secret")
                        .schema("plain")
                        .open();
                Connection connection = replicationConnection();
                PGReplicationStream stream = connection
                        .unwrap(PGConnection.class)
                        .getReplicationAPI()
                        .replicationStream()
                        .physical()
                        .withStartPosition(LogSequenceNumber.valueOf(currentPosition()))
                        .withStatusInterval(100, TimeUnit.MILLISECONDS)
                        .start()) {
            Semaphore never = new Semaphore(0);
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (privileged.description().standbys().orElse(0) == 0 && System.nanoTime() < deadline) {
                stream.readPending();
                stream.forceUpdateStatus();
                never.tryAcquire(20, TimeUnit.MILLISECONDS);
            }

            assertThat(privileged.description().standbys()).isEqualTo(OptionalInt.of(1));
            assertThat(plain.description().standbys()).isEmpty();
            assertThat(plain.description().detail()).contains("pg_monitor");
        }
    }

    private static String currentPosition() throws Exception {
        try (Connection connection = database.connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT pg_current_wal_lsn()")) {
            row.next();
            return row.getString(1);
        }
    }

    private static Connection replicationConnection() throws Exception {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, database.user());
        PGProperty.PASSWORD.set(properties, database.password());
        PGProperty.REPLICATION.set(properties, "true");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "15");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        return DriverManager.getConnection(database.jdbcUrl(), properties);
    }
}

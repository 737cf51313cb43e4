package dev.architect.cluster.transport;

import dev.architect.postgres.PostgresDatabase;
import dev.architect.postgres.PostgresServer;
import dev.architect.postgres.PostgresServer.Version;
import dev.architect.spi.Store;
import dev.architect.store.postgres.PostgresStore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

final class PostgresStoreTransportTest extends StoreTransportContract {

    private static final AtomicInteger SCHEMAS = new AtomicInteger();
    private static PostgresDatabase database;

    private final String schema = "transport_" + SCHEMAS.incrementAndGet();

    @BeforeAll
    static void createDatabase() {
        database = PostgresServer.shared(Version.V18).createDatabase();
    }

    @AfterAll
    static void dropDatabase() {
        database.close();
    }

    @Override
    Store open() {
        return PostgresStore.builder(database.jdbcUrl())
                .user(database.user())
                .password(database.password())
                .schema(schema)
                .open();
    }

    /** Each member has a pool of connections of its own. */
    @Override
    protected int manyMembers() {
        return 4;
    }
}

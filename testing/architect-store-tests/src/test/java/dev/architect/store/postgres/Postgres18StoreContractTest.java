package dev.architect.store.postgres;

import com.zaxxer.hikari.HikariDataSource;
import dev.architect.postgres.PostgresDatabase;
import dev.architect.postgres.PostgresServer.Version;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The contract on the newest version. All stores share a pool of the host, since a connection costs the server more than most cases do, but
 * listen on one of their own, which closing can cut.
 */
class Postgres18StoreContractTest extends PostgresStoreContract {

    /** For two stores with what each uses at a time. */
    private static final int CONNECTIONS = 24;

    private static final int IDLE = 12;

    private static @Nullable HikariDataSource pool;

    Postgres18StoreContractTest() {
        super(Version.V18);
    }

    @Override
    PostgresStoreBuilder builder(PostgresDatabase database) {
        PGSimpleDataSource listen = new PGSimpleDataSource();
        listen.setUrl(database.jdbcUrl());
        listen.setUser(database.user());
        listen.setPassword(database.password());
        return PostgresStore.builder(pool(database)).listenDataSource(listen);
    }

    private static synchronized HikariDataSource pool(PostgresDatabase database) {
        HikariDataSource opened = pool;
        if (opened == null) {
            opened = new HikariDataSource();
            opened.setJdbcUrl(database.jdbcUrl());
            opened.setUsername(database.user());
            opened.setPassword(database.password());
            opened.setMaximumPoolSize(CONNECTIONS);
            opened.setMinimumIdle(IDLE);
            pool = opened;
        }
        return opened;
    }

    @AfterAll
    static synchronized void closePool() {
        HikariDataSource opened = pool;
        if (opened != null) {
            opened.close();
            pool = null;
        }
    }
}

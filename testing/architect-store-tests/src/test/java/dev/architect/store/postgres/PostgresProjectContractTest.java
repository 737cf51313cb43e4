package dev.architect.store.postgres;

import dev.architect.postgres.PostgresDatabase;
import dev.architect.postgres.PostgresServer;
import dev.architect.postgres.PostgresServer.Version;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.testkit.project.ProjectStoreContract;

/** What every store must do that keeps projects, in one schema for all cases. */
class PostgresProjectContractTest extends ProjectStoreContract {

    private static final PostgresDatabase DATABASE =
            PostgresServer.shared(Version.V18).createDatabase();

    @Override
    protected Store open(TimeSource time) {
        return PostgresStore.builder(DATABASE.jdbcUrl())
                .user(DATABASE.user())
                .password(DATABASE.password())
                .time(time)
                .open();
    }
}

package dev.architect.spring.boot;

import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.spring.boot.ArchitectProperties.PostgresProperties;
import dev.architect.store.postgres.PostgresStore;
import dev.architect.store.postgres.PostgresStoreBuilder;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** The only class that needs architect-store-postgres; not loaded without it. */
final class PostgresStores {

    private PostgresStores() {}

    static Store open(DataSource database, PostgresProperties properties, Optional<TimeSource> time) {
        PostgresStoreBuilder builder = PostgresStore.builder(database).migrate(properties.migrate());
        Optional.ofNullable(properties.schema()).ifPresent(builder::schema);
        Optional.ofNullable(properties.listenUrl()).ifPresent(builder::listenUrl);
        Optional.ofNullable(properties.connections()).ifPresent(builder::connections);
        time.ifPresent(builder::time);
        return builder.open();
    }

    static boolean isOne(Store store) {
        return store instanceof PostgresStore;
    }

    static List<TaskId> submit(Store store, Connection connection, List<TaskRequest> requests) throws SQLException {
        return ((PostgresStore) store).submit(connection, requests);
    }
}

package dev.architect.spring.boot;

import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.store.sqlite.SqliteStoreBuilder;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The only class that needs architect-store-sqlite; not loaded without it. */
final class SqliteStores {

    private SqliteStores() {}

    /** Opens a store; one in the host's own file has the host's tables beside it. */
    static Store open(Path file, boolean isShared, Optional<TimeSource> time) {
        SqliteStoreBuilder builder = SqliteStore.builder(file);
        if (isShared) {
            builder.besideOtherTables();
        }
        time.ifPresent(builder::time);
        return builder.open();
    }

    static boolean isOne(Store store) {
        return store instanceof SqliteStore;
    }

    static List<TaskId> submit(Store store, Connection connection, List<TaskRequest> requests) throws SQLException {
        return ((SqliteStore) store).submit(connection, requests);
    }
}

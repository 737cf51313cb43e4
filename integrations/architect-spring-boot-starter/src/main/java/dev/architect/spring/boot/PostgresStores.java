package dev.architect.spring.boot;

import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.spring.boot.ArchitectProperties.PostgresProperties;
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
        throw new UnsupportedOperationException("PostgresStore");
    }

    static boolean isOne(Store store) {
        return false;
    }

    static List<TaskId> submit(Store store, Connection connection, List<TaskRequest> requests) throws SQLException {
        throw new UnsupportedOperationException("PostgresStore");
    }
}

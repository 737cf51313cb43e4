package dev.architect.store.postgres;

import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Options of a {@link PostgresStore}. Not safe for use by several threads. */
public final class PostgresStoreBuilder {

    final Optional<DataSource> dataSource;
    final Optional<String> url;
    Optional<String> user = Optional.empty();
    Optional<String> password = Optional.empty();
    Optional<String> schema = Optional.empty();
    Optional<String> listenUrl = Optional.empty();
    Optional<DataSource> listenDataSource = Optional.empty();
    boolean migrates = true;
    int connections = 10;
    Duration busyTimeout = Duration.ofSeconds(30);
    Duration queryLimit = Duration.ofSeconds(30);
    // Null means the clock of the database.
    @Nullable
    TimeSource time;

    PostgresStoreBuilder(Optional<DataSource> dataSource, Optional<String> url) {
        this.dataSource = dataSource;
        this.url = url;
    }
}

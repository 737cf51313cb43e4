package dev.architect.cluster.transport;

import dev.architect.spi.Store;
import dev.architect.store.sqlite.SqliteStore;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class SqliteStoreTransportTest extends StoreTransportContract {

    @TempDir
    Path directory;

    @Override
    Store open() {
        return SqliteStore.builder(directory.resolve("architect.db")).open();
    }
}

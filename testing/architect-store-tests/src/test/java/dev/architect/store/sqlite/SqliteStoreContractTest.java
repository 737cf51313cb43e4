package dev.architect.store.sqlite;

import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.testkit.store.StoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreContractTest extends StoreContract {

    @TempDir
    Path directory;

    @Override
    protected Store open(TimeSource time) {
        return SqliteStore.builder(EmptySqliteFile.at(directory.resolve("architect.db")))
                .time(time)
                .open();
    }

    @Override
    protected Store openAnother(Store open, TimeSource time) {
        return open(time);
    }

    @Override
    protected void kill(Store store, long incarnation) {
        ((SqliteStore) store).locks().release(incarnation);
    }
}

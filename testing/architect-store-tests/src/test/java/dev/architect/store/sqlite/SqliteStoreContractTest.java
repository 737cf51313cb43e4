package dev.architect.store.sqlite;

import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.testkit.store.StoreContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Each case begins with a copy of one new store: making the tables takes longer than most cases do. */
class SqliteStoreContractTest extends StoreContract {

    @TempDir
    private static Path common;

    @TempDir
    Path directory;

    @BeforeAll
    static void makeTables() {
        SqliteStore.builder(made()).open().close();
    }

    private static Path made() {
        return common.resolve("new.db");
    }

    @Override
    protected Store open(TimeSource time) {
        Path file = directory.resolve("architect.db");
        if (!Files.exists(file)) {
            try {
                Files.copy(made(), file);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
        return SqliteStore.builder(file).time(time).open();
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

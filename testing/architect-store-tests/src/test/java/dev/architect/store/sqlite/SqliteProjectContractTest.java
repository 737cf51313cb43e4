package dev.architect.store.sqlite;

import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.testkit.project.ProjectStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteProjectContractTest extends ProjectStoreContract {

    @TempDir
    Path directory;

    @Override
    protected Store open(TimeSource time) {
        return SqliteStore.builder(EmptySqliteFile.at(directory.resolve("projects.db")))
                .time(time)
                .open();
    }
}

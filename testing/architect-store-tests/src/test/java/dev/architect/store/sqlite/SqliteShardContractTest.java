package dev.architect.store.sqlite;

import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.testkit.shard.ShardContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteShardContractTest extends ShardContract {

    @TempDir
    Path directory;

    @Override
    protected Store openFirst(TimeSource time) {
        return SqliteStore.builder(directory.resolve("first.db")).time(time).open();
    }

    @Override
    protected Store openSecond(TimeSource time) {
        return SqliteStore.builder(directory.resolve("second.db")).time(time).open();
    }
}

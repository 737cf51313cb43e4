package dev.architect.store.postgres;

import dev.architect.postgres.PostgresDatabase;
import dev.architect.postgres.PostgresServer;
import dev.architect.postgres.PostgresServer.Version;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.testkit.shard.ShardContract;
import java.util.concurrent.atomic.AtomicInteger;

/** What every store must do that may be one of several, on two databases: each case in schemas of its own. */
abstract class PostgresShardContract extends ShardContract {

    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    private final Version first;
    private final Version second;

    PostgresShardContract(Version first, Version second) {
        this.first = first;
        this.second = second;
    }

    private static Store open(Version version, TimeSource time) {
        PostgresDatabase database = Databases.of(version);
        return PostgresStore.builder(database.jdbcUrl())
                .user(database.user())
                .password(database.password())
                .schema("shards_" + SCHEMAS.incrementAndGet())
                .time(time)
                .open();
    }

    @Override
    protected Store openFirst(TimeSource time) {
        return open(first, time);
    }

    @Override
    protected Store openSecond(TimeSource time) {
        return open(second, time);
    }

    /** One database for each version. */
    private static final class Databases {

        private static final PostgresDatabase V15 =
                PostgresServer.shared(Version.V15).createDatabase();
        private static final PostgresDatabase V18 =
                PostgresServer.shared(Version.V18).createDatabase();

        private Databases() {}

        static PostgresDatabase of(Version version) {
            return version == Version.V15 ? V15 : V18;
        }
    }
}

package dev.architect.store.postgres;

import dev.architect.postgres.PostgresDatabase;
import dev.architect.postgres.PostgresServer.Version;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.testkit.shard.ShardContract;
import org.junit.jupiter.api.extension.ExtendWith;

/** What every store must do that may be one of several: each case in schemas of its own. */
@ExtendWith(EmptySchemas.Release.class)
abstract class PostgresShardContract extends ShardContract {

    private final Version first;
    private final Version second;

    PostgresShardContract(Version first, Version second) {
        this.first = first;
        this.second = second;
    }

    private static Store open(Version version, TimeSource time) {
        EmptySchemas schemas = EmptySchemas.of(version);
        PostgresDatabase database = schemas.database();
        return PostgresStore.builder(database.jdbcUrl())
                .user(database.user())
                .password(database.password())
                .schema(schemas.take())
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
}

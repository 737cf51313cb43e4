package dev.architect.store.postgres;

import dev.architect.postgres.PostgresDatabase;
import dev.architect.postgres.PostgresServer.Version;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.testkit.store.StoreContract;
import dev.architect.testkit.time.ManualTime;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import org.junit.jupiter.api.extension.ExtendWith;

/** What every store must do, on one version of PostgreSQL: each case in a schema of its own. */
@ExtendWith(EmptySchemas.Release.class)
abstract class PostgresStoreContract extends StoreContract {

    private final Version version;
    private final Map<Store, String> schemas = Collections.synchronizedMap(new WeakHashMap<>());

    PostgresStoreContract(Version version) {
        this.version = version;
    }

    /** Where a store on that database gets its connections. */
    abstract PostgresStoreBuilder builder(PostgresDatabase database);

    private PostgresStore open(String schema, TimeSource time) {
        PostgresStore store = builder(EmptySchemas.of(version).database())
                .schema(schema)
                .time(time)
                .open();
        schemas.put(store, schema);
        return store;
    }

    @Override
    protected Store open(TimeSource time) {
        return open(EmptySchemas.of(version).take(), time);
    }

    @Override
    protected Store openAnother(Store open, TimeSource time) {
        return open(Objects.requireNonNull(schemas.get(open)), time);
    }

    @Override
    protected void kill(Store store, long incarnation) {
        ((PostgresStore) store).nodeStore().expire(incarnation);
    }

    @Override
    protected void silence(Store store, ManualTime time, long incarnation, Duration silence) {
        // Judged by the clock of the database, which no test moves.
        ((PostgresStore) store).nodeStore().age(incarnation, silence);
        time.advance(silence);
    }
}

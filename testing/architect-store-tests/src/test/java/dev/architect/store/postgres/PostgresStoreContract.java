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
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What every store must do, on one version of PostgreSQL: each case in a schema of its own. */
@ExtendWith(PostgresStoreContract.Release.class)
abstract class PostgresStoreContract extends StoreContract {

    private static final Map<Version, EmptySchemas> SCHEMAS = new ConcurrentHashMap<>();

    private final Version version;
    private final Map<Store, String> schemas = Collections.synchronizedMap(new WeakHashMap<>());

    PostgresStoreContract(Version version) {
        this.version = version;
    }

    /** After what the cases do at their end: their stores are closed. */
    static final class Release implements AfterEachCallback {

        @Override
        public void afterEach(ExtensionContext context) {
            SCHEMAS.values().forEach(EmptySchemas::releaseAll);
        }
    }

    private EmptySchemas schemas() {
        return SCHEMAS.computeIfAbsent(version, wanted -> new EmptySchemas(wanted, "contract_"));
    }

    /** Where a store on that database gets its connections. */
    abstract PostgresStoreBuilder builder(PostgresDatabase database);

    private PostgresStore open(String schema, TimeSource time) {
        PostgresStore store =
                builder(schemas().database()).schema(schema).time(time).open();
        schemas.put(store, schema);
        return store;
    }

    @Override
    protected Store open(TimeSource time) {
        return open(schemas().take(), time);
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

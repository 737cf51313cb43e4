package dev.architect.store.postgres;

import dev.architect.factory.StoreFactory;
import dev.architect.factory.StoreSettings;
import dev.architect.spi.Store;
import dev.architect.store.postgres.connection.PostgresAddress;
import java.util.Optional;
import java.util.Set;

/** Opens stores in PostgreSQL databases for hosts that read a configuration. Options are those of {@link PostgresStoreBuilder}. */
public final class PostgresStoreFactory implements StoreFactory {

    private static final String SCHEMA = "schema";
    private static final String LISTEN_URL = "listenUrl";
    private static final String CONNECTIONS = "connections";
    private static final String MIGRATE = "migrate";
    private static final Set<String> OPTIONS = Set.of(SCHEMA, LISTEN_URL, CONNECTIONS, MIGRATE);

    /** Creates the factory. */
    public PostgresStoreFactory() {}

    @Override
    public String urlPrefix() {
        return PostgresAddress.PREFIX;
    }

    @Override
    public Set<String> options() {
        return OPTIONS;
    }

    @Override
    public Optional<String> migrationOption() {
        return Optional.of(MIGRATE);
    }

    @Override
    public void check(StoreSettings settings) {
        builder(settings);
    }

    @Override
    public Store open(StoreSettings settings, Optional<String> password) {
        PostgresStoreBuilder builder = builder(settings);
        password.ifPresent(builder::password);
        return builder.open();
    }

    private static PostgresStoreBuilder builder(StoreSettings settings) {
        settings.options().requireOnly(OPTIONS);
        PostgresStoreBuilder builder = PostgresStore.builder(settings.url());
        settings.user().ifPresent(builder::user);
        settings.options().text(SCHEMA).ifPresent(builder::schema);
        settings.options().text(LISTEN_URL).ifPresent(builder::listenUrl);
        settings.options()
                .integer(CONNECTIONS, PostgresStoreBuilder.LEAST_CONNECTIONS, PostgresStoreBuilder.MOST_CONNECTIONS)
                .ifPresent(builder::connections);
        settings.options().flag(MIGRATE).ifPresent(builder::migrate);
        return builder;
    }
}

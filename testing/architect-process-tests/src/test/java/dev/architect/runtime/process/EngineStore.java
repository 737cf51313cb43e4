package dev.architect.runtime.process;

import dev.architect.postgres.PostgresDatabase;
import dev.architect.spi.Store;
import dev.architect.store.postgres.PostgresStore;
import dev.architect.store.sqlite.SqliteStore;
import java.nio.file.Path;
import java.util.List;

/** The store of an {@link EngineWorld}, as the test opens it and as the processes are told to. */
interface EngineStore {

    /** Opens the store for the test. */
    Store open();

    /** The options by which an {@link EngineProcess} opens it. */
    List<String> options();

    /** A file of SQLite. */
    static EngineStore sqlite(Path file) {
        return new EngineStore() {
            @Override
            public Store open() {
                return SqliteStore.at(file);
            }

            @Override
            public List<String> options() {
                return List.of("store=" + file);
            }
        };
    }

    /** A database of PostgreSQL, which the processes reach by {@code url} and the test directly. */
    static EngineStore postgres(PostgresDatabase database, String url) {
        return new EngineStore() {
            @Override
            public Store open() {
                return PostgresStore.builder(database.jdbcUrl())
                        .user(database.user())
                        .password(database.password())
                        .open();
            }

            @Override
            public List<String> options() {
                return List.of("store=" + url, "user=" + database.user(), "password=" + database.password());
            }
        };
    }
}

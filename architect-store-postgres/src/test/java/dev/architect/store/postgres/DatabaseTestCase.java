package dev.architect.store.postgres;

import dev.architect.postgres.PostgresDatabase;
import dev.architect.postgres.PostgresServer;
import dev.architect.postgres.PostgresServer.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** A new database for each test. What was opened on it is closed afterwards, the latest first. */
public abstract class DatabaseTestCase {

    private final List<AutoCloseable> open = new ArrayList<>();
    private final PostgresDatabase database = server().createDatabase();

    /** For subclasses. */
    protected DatabaseTestCase() {}

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
        database.close();
    }

    /** The server of all tests. */
    protected static PostgresServer server() {
        return PostgresServer.shared(Version.V15);
    }

    /** The database of this test. */
    protected PostgresDatabase database() {
        return database;
    }

    /** Closes {@code part} after the test. */
    protected final <T extends AutoCloseable> T opened(T part) {
        open.add(part);
        return part;
    }

    /** The options of a store in the database of this test. */
    protected PostgresStoreBuilder builder() {
        return builder(database().jdbcUrl());
    }

    /** The options of a store at {@code jdbcUrl}, with user and password of the database of this test. */
    protected PostgresStoreBuilder builder(String jdbcUrl) {
        return PostgresStore.builder(jdbcUrl)
                .user(database().user())
                .password(database().password())
                .busyTimeout(Duration.ofSeconds(20));
    }
}

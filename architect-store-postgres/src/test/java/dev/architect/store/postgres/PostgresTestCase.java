package dev.architect.store.postgres;

import dev.architect.postgres.PostgresDatabase;
import dev.architect.postgres.PostgresServer;
import dev.architect.postgres.PostgresServer.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A new database for each test, and what was opened on it closed afterwards. */
abstract class PostgresTestCase {

    private final List<AutoCloseable> open = new ArrayList<>();
    PostgresDatabase database;

    @BeforeEach
    void createDatabase() {
        database = PostgresServer.shared(Version.V15).createDatabase();
    }

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
        database.close();
    }

    <T extends AutoCloseable> T opened(T part) {
        open.add(part);
        return part;
    }

    PostgresStoreBuilder builder() {
        return PostgresStore.builder(database.jdbcUrl())
                .user(database.user())
                .password(database.password())
                .busyTimeout(Duration.ofSeconds(10));
    }
}

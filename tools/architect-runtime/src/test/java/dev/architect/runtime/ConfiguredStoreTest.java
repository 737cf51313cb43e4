package dev.architect.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.error.StoreException;
import dev.architect.postgres.PostgresDatabase;
import dev.architect.postgres.PostgresServer;
import dev.architect.spi.SecretSource;
import dev.architect.spi.Store;
import dev.architect.store.postgres.PostgresStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store that a configuration file names, against a real PostgreSQL. */
final class ConfiguredStoreTest {

    private static final SecretSource NO_SECRET = name -> Optional.empty();

    private final PostgresDatabase database =
            PostgresServer.shared(PostgresServer.Version.V18).createDatabase();

    @TempDir
    private Path folder;

    @AfterEach
    void drop() {
        database.close();
    }

    private ArchitectSetup setup(SecretSource secrets, String more) throws IOException {
        Path file = Files.writeString(
                folder.resolve("architect.yaml"), """
                data: data
                providers: {}
                store:
                  url: "%s"
                  user: %s
                %s""".formatted(database.jdbcUrl(), database.user(), more));
        return ArchitectSetup.builder(RuntimeConfiguration.load(file))
                .secrets(secrets)
                .build();
    }

    private SecretSource secret(String name) {
        return asked -> Optional.of(database.password()).filter(password -> asked.equals(name));
    }

    @Test
    void isOpenedWithTheUsualSecretAndSharedByWhoeverNamesIt() throws IOException {
        ArchitectSetup setup = setup(secret("ARCHITECT_STORE_PASSWORD"), "");

        try (Store one = setup.openStore();
                Store other = setup.openExistingStore()) {
            long node = one.nodes().join("a");

            assertThat(one).isInstanceOf(PostgresStore.class);
            assertThat(other.nodes().nodes())
                    .extracting(record -> record.incarnation())
                    .containsExactly(node);
            assertThat(setup.database()).isEmpty();
            assertThat(folder.resolve("data")).as("the data directory").doesNotExist();
        }
    }

    @Test
    void takesThePasswordOfAFileAndTheSchema() throws IOException {
        Files.writeString(folder.resolve("db"), database.password() + "\n");

        try (Store store =
                setup(NO_SECRET, "  passwordFile: db\n  schema: jobs\n").openStore()) {
            store.nodes().join("a");
        }

        assertThat(database.count("select count(*) from jobs.node")).isEqualTo(1);
    }

    @Test
    void failsWithoutItsPassword() throws IOException {
        assertThatThrownBy(() ->
                        setup(NO_SECRET, "  passwordSecret: DB_PASSWORD\n").openStore())
                .isInstanceOf(StoreException.class)
                .hasMessage("password of the store: DB_PASSWORD is not set, expected the password");
        assertThatThrownBy(() -> setup(NO_SECRET, "  passwordFile: none\n").openStore())
                .isInstanceOf(StoreException.class)
                .hasMessage("password file " + folder.resolve("none") + " cannot be read, expected a text file");
    }

    @Test
    void anExistingStoreIsNotMade() throws IOException {
        ArchitectSetup setup = setup(secret("ARCHITECT_STORE_PASSWORD"), "");

        assertThatThrownBy(setup::openExistingStore).isInstanceOf(StoreException.class);

        assertThat(database.count("select count(*) from information_schema.tables where table_schema = 'public'"))
                .isZero();
    }

    @Test
    void anEmbeddedStoreIsMadeAndFoundAgain() {
        ArchitectSetup setup = ArchitectSetup.builder(folder.resolve("data"))
                .secrets(NO_SECRET)
                .settings(name -> Optional.empty())
                .build();
        Path file = folder.resolve("data/architect.db");

        assertThatThrownBy(setup::openExistingStore)
                .isInstanceOf(StoreException.class)
                .hasMessage(file + " is not there, expected the database of a server or a demo");
        setup.openStore().close();
        setup.openExistingStore().close();

        assertThat(setup.database()).contains(file);
    }
}

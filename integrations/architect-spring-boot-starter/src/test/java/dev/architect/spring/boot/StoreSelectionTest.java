package dev.architect.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.spi.Store;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.store.postgres.PostgresStore;
import dev.architect.store.sqlite.SqliteStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;

/** Which store an application gets, and what it is told when it gets none. */
final class StoreSelectionTest {

    @TempDir
    private Path folder;

    @Test
    void aSqliteDataSourceHasTheStoreInItsOwnFile() {
        Path file = folder.resolve("host.db");
        Hosts.onSqlite(file).run(host -> {
            assertThat(host).hasNotFailed();
            assertThat(host.getBean(Store.class)).isInstanceOf(SqliteStore.class);
            assertThat(host.getBean(OpenedStore.class).dataSource()).containsSame(host.getBean(DataSource.class));
            assertThat(tables(host.getBean(DataSource.class))).isPositive();
        });
    }

    @Test
    void theTablesOfTheHostAreMadeFirstAndStay() throws Exception {
        Path script = Files.writeString(folder.resolve("schema.sql"), "CREATE TABLE orders (id INTEGER);");
        Hosts.onSqlite(folder.resolve("host.db"))
                .withPropertyValues("spring.sql.init.mode=always", "spring.sql.init.schema-locations=file:" + script)
                .run(host -> {
                    assertThat(host).hasNotFailed();
                    // Migrations of the host refuse a database that has tables already.
                    assertThat(names(host.getBean(DataSource.class)))
                            .startsWith("orders")
                            .contains("task");
                });
    }

    private static List<String> names(DataSource database) {
        return new JdbcTemplate(database)
                .queryForList("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid", String.class);
    }

    @Test
    void aFileOfItsOwnIsCreatedWithItsDirectory() {
        Path file = folder.resolve("deep").resolve("er").resolve("architect.db");
        Hosts.bare().withPropertyValues("architect.store.sqlite.file=" + file).run(host -> {
            assertThat(host).hasNotFailed();
            assertThat(file).isRegularFile();
            assertThat(host.getBean(OpenedStore.class).dataSource()).isEmpty();
        });
    }

    @Test
    void aFileThatIsTheDataSourcesTooIsSharedWithIt() {
        Path file = folder.resolve("host.db");
        Hosts.onSqlite(file)
                .withPropertyValues("architect.store.sqlite.file=" + file)
                .run(host ->
                        assertThat(host.getBean(OpenedStore.class).dataSource()).isPresent());
    }

    @Test
    void aFileOfItsOwnBesideAnotherDatabaseIsNotShared() {
        Hosts.on("jdbc:h2:mem:beside")
                .withPropertyValues("architect.store.sqlite.file=" + folder.resolve("own.db"))
                .run(host ->
                        assertThat(host.getBean(OpenedStore.class).dataSource()).isEmpty());
    }

    @Test
    void memoryOnlyWhenItIsAskedFor() {
        Hosts.inMemory().run(host -> assertThat(host.getBean(Store.class)).isInstanceOf(InMemoryStore.class));
        fails(
                Hosts.bare(),
                "there is no database for Architect's tasks: architect.store.type is auto and there is no DataSource bean");
    }

    @Test
    void anotherDatabaseIsRefused() {
        fails(Hosts.on("jdbc:h2:mem:other"), "the DataSource is of H2, expected PostgreSQL or SQLite");
        fails(
                Hosts.on("jdbc:h2:mem:other").withPropertyValues("architect.store.type=postgres"),
                "the DataSource is of H2, expected PostgreSQL");
        fails(
                Hosts.onSqlite(folder.resolve("host.db")).withPropertyValues("architect.store.type=postgres"),
                "the DataSource is of SQLite, expected PostgreSQL");
    }

    @Test
    void aSqliteDatabaseInMemoryIsRefused() {
        fails(
                Hosts.on("jdbc:sqlite::memory:"),
                "the SQLite database of the DataSource is in memory, expected one in a file");
    }

    @Test
    void anUnreachableDatabaseIsOneClearLine() {
        fails(
                Hosts.on("jdbc:postgresql://127.0.0.1:1/none")
                        .withPropertyValues("spring.datasource.hikari.connection-timeout=250"),
                "the database of the DataSource cannot be reached: ");
    }

    @Test
    void oneOfSeveralDataSourcesIsNamed() {
        ApplicationContextRunner two = Hosts.bare()
                .withBean("orders", DataSource.class, () -> sqlite("orders.db"))
                .withBean("reports", DataSource.class, () -> sqlite("reports.db"));

        fails(two, "there are several DataSource beans (orders, reports), expected one or a primary one");
        fails(
                two.withPropertyValues("architect.store.data-source=order"),
                "architect.store.data-source is 'order', expected the name of a DataSource bean: orders, reports");
        two.withPropertyValues("architect.store.data-source=reports").run(host -> {
            assertThat(host.getBean(OpenedStore.class).dataSource())
                    .containsSame(host.getBean("reports", DataSource.class));
            assertThat(tables(host.getBean("reports", DataSource.class))).isPositive();
            assertThat(tables(host.getBean("orders", DataSource.class))).isZero();
        });
    }

    @Test
    void theArtifactOfAStoreThatIsMissingIsNamed() {
        fails(
                Hosts.inMemory().withClassLoader(new FilteredClassLoader(InMemoryStore.class)),
                "the artifact architect-store-memory is not on the class path");
        fails(
                Hosts.onSqlite(folder.resolve("host.db")).withClassLoader(new FilteredClassLoader(SqliteStore.class)),
                "the artifact architect-store-sqlite is not on the class path");
    }

    @Test
    void aHostWithoutTheSqliteAndPostgresStoresRunsInMemory() {
        Hosts.inMemory()
                .withClassLoader(new FilteredClassLoader(SqliteStore.class, PostgresStore.class))
                .withUserConfiguration(Hosts.Echo.class)
                .run(host -> assertThat(host).hasNotFailed());
    }

    @Test
    void aDirectoryInPlaceOfAFileIsOneClearLine() {
        fails(
                Hosts.bare().withPropertyValues("architect.store.sqlite.file=" + folder),
                "Architect's store cannot be opened: ");
    }

    private static void fails(ApplicationContextRunner runner, String message) {
        runner.run(host -> {
            assertThat(host).hasFailed();
            Throwable cause = host.getStartupFailure();
            while (!(cause instanceof ArchitectConfigurationException) && cause.getCause() != null) {
                cause = cause.getCause();
            }
            assertThat(cause)
                    .isInstanceOf(ArchitectConfigurationException.class)
                    .hasMessageStartingWith(message);
            assertThat(((ArchitectConfigurationException) cause).action()).isNotBlank();
        });
    }

    private DataSource sqlite(String name) {
        return DataSourceBuilder.create()
                .url("jdbc:sqlite:" + folder.resolve(name))
                .build();
    }

    private static int tables(DataSource database) throws Exception {
        try (var connection = database.getConnection();
                var rows = connection
                        .createStatement()
                        .executeQuery("SELECT count(*) FROM sqlite_master WHERE name = 'task'")) {
            return rows.getInt(1);
        }
    }
}

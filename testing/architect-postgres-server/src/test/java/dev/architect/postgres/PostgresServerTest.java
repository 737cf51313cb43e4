package dev.architect.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.postgres.PostgresServer.StopMode;
import dev.architect.postgres.PostgresServer.Version;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class PostgresServerTest {

    @ParameterizedTest
    @EnumSource(Version.class)
    void theSharedServerHasTheVersionAndMakesEmptyDatabases(Version version) {
        PostgresServer server = PostgresServer.shared(version);

        try (PostgresDatabase one = server.createDatabase();
                PostgresDatabase other = server.createDatabase()) {
            one.execute("create table t (a int); insert into t values (1), (2)");

            assertThat(one.count("select current_setting('server_version_num')::int / 10000"))
                    .isEqualTo(version.number());
            assertThat(one.count("select count(*) from t")).isEqualTo(2);
            assertThat(other.count("select count(*) from pg_tables where schemaname = 'public'"))
                    .isZero();
        }
        assertThat(PostgresServer.shared(version)).isSameAs(server);
    }

    @Test
    void aClosedDatabaseIsGoneEvenWithConnectionsToIt() throws SQLException {
        PostgresDatabase database = PostgresServer.shared(Version.V15).createDatabase();
        try (var connection = database.connect()) {
            database.close();

            assertThat(connection.isValid(1)).isFalse();
            assertThatThrownBy(database::connect).hasMessageContaining(database.name());
        }
    }

    @Test
    void aWrongPasswordIsRefused() {
        try (PostgresDatabase database = PostgresServer.shared(Version.V15).createDatabase()) {
            var wrong = new PostgresDatabase(database.server(), database.name(), database.user(), "wrong");

            assertThatThrownBy(wrong::connect).hasMessageContaining("password");
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aStandbyFollowsIsPromotedAndLivesBesideTheOldPrimary(Version version) {
        try (PostgresServer primary = PostgresServer.start(version, Map.of())) {
            PostgresDatabase database = primary.createDatabase();
            database.execute("create table t (a int); insert into t values (1)");
            try (PostgresServer standby = primary.standby(true)) {
                PostgresDatabase copy = standby.database(database);
                database.execute("insert into t values (2)");
                assertThat(copy.count("select count(*) where pg_is_in_recovery()"))
                        .isOne();

                primary.kill();
                standby.promote();

                // The last commit waited until the standby had it.
                assertThat(copy.count("select count(*) from t")).isEqualTo(2);
                copy.execute("insert into t values (3)");
                primary.restart();
                assertThat(database.count("select count(*) from t")).isEqualTo(2);
                assertThat(standby.port()).isNotEqualTo(primary.port());
            }
        }
    }

    @Test
    void aStandbyThatFollowsNoMoreLacksWhatCameAfter() {
        try (PostgresServer primary = PostgresServer.start(Version.V15, Map.of())) {
            PostgresDatabase database = primary.createDatabase();
            database.execute("create table t (a int)");
            try (PostgresServer standby = primary.standby(false)) {
                standby.stopFollowing();
                database.execute("insert into t values (1)");
                assertThat(standby.database(database).count("select count(*) from t"))
                        .isZero();
                standby.follow();
                long end = System.nanoTime() + 20_000_000_000L;
                while (standby.database(database).count("select count(*) from t") == 0) {
                    assertThat(System.nanoTime()).isLessThan(end);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void whatWasCommittedSurvivesAKilledServer(Version version) throws SQLException {
        try (PostgresServer server = PostgresServer.start(version, Map.of("work_mem", "5MB"))) {
            PostgresDatabase database = server.createDatabase();
            database.execute("create table t (a int)");
            int port = server.port();
            try (var connection = database.connect();
                    var statement = connection.createStatement()) {
                statement.execute("insert into t values (1)");
                connection.setAutoCommit(false);
                statement.execute("insert into t values (2)");

                server.kill();

                assertThat(server.isRunning()).isFalse();
                assertThatThrownBy(() -> statement.execute("select 1")).isInstanceOf(SQLException.class);
                assertThatThrownBy(database::connect).isInstanceOf(SQLException.class);
            }
            server.restart();

            assertThat(server.port()).isEqualTo(port);
            assertThat(database.count("select count(*) from t")).isEqualTo(1);
            assertThat(database.count("select count(*) from pg_settings where name = 'work_mem' and setting = '5120'"))
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(StopMode.class)
    void aStoppedServerStartsAgain(StopMode mode) {
        try (PostgresServer server = PostgresServer.start(Version.V15, Map.of())) {
            PostgresDatabase database = server.createDatabase();
            database.execute("create table t (a int); insert into t values (1)");

            server.stop(mode);
            assertThat(server.isRunning()).isFalse();
            server.stop(mode);
            server.restart();
            server.restart();

            assertThat(database.count("select count(*) from t")).isEqualTo(1);
        }
    }

    @Test
    void endsTheConnectionsToOneDatabaseOnly() throws SQLException {
        PostgresServer server = PostgresServer.shared(Version.V15);
        try (PostgresDatabase database = server.createDatabase();
                PostgresDatabase other = server.createDatabase();
                var connection = database.connect();
                var spared = other.connect()) {
            server.terminateBackends(database.name());

            assertThat(connection.isValid(1)).isFalse();
            assertThat(spared.isValid(1)).isTrue();
        }
    }

    @Test
    void aSmallDiskIsFullAndHasRoomAgain() throws Exception {
        try (PostgresServer server = PostgresServer.startOnSmallDisk(Version.V15, Map.of(), 128 << 20)) {
            PostgresDatabase database = server.createDatabase();
            database.execute("create table t (a text)");

            server.fillDisk();

            assertThatThrownBy(() -> database.execute(
                            "insert into t select repeat(md5(i::text), 50) from generate_series(1, 20000) i"))
                    .hasMessageContaining("No space left on device");
            server.freeDisk();
            database.execute("insert into t values ('a')");
            assertThat(database.count("select count(*) from t")).isEqualTo(1);
        }
    }

    @Test
    void aWrongSettingFailsWithTheServersWordsAndLeavesNothing() throws Exception {
        assertThatThrownBy(() -> PostgresServer.start(Version.V15, Map.of("shared_buffers", "many")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("shared_buffers");

        assertThat(ServerDirectory.children("server-" + ProcessHandle.current().pid() + "-"))
                .allSatisfy(folder ->
                        assertThat(folder.resolve("disk/data/postmaster.pid")).exists());
    }

    @Test
    void aNamedServerIsUsedForDatabasesAndIsNotOursToStop() {
        PostgresServer shared = PostgresServer.shared(Version.V15);

        PostgresServer named =
                PostgresServer.running(Version.V15, shared.jdbcUrl("postgres") + "?user=postgres&password=%70ostgres");

        try (PostgresDatabase database = named.createDatabase()) {
            assertThat(database.count("select 1")).isEqualTo(1);
        }
        assertThatThrownBy(named::kill).hasMessageContaining("ARCHITECT_TEST_POSTGRES_15");
        named.close();
        assertThat(shared.isRunning()).isTrue();
    }

    @Test
    void aNamedServerThatCannotServeFailsWithTheVariablesName() {
        PostgresServer shared = PostgresServer.shared(Version.V15);

        assertThatThrownBy(() -> PostgresServer.running(
                        Version.V18, shared.jdbcUrl("postgres") + "?user=postgres&password=postgres"))
                .hasMessageContaining("ARCHITECT_TEST_POSTGRES_18 names a server of version 15, expected version 18");
        assertThatThrownBy(() -> PostgresServer.running(
                        Version.V15, shared.jdbcUrl("postgres") + "?user=postgres&password=wrong"))
                .hasMessageContaining("cannot reach the server that ARCHITECT_TEST_POSTGRES_15 names");
        assertThatThrownBy(() -> PostgresServer.running(Version.V15, "jdbc:sqlite:file"))
                .hasMessageContaining("ARCHITECT_TEST_POSTGRES_15 is no JDBC URL of PostgreSQL");
        assertThatThrownBy(() -> PostgresPrograms.of(Version.V18, "/nowhere"))
                .hasMessageContaining("ARCHITECT_TEST_POSTGRES_18 is /nowhere, expected a JDBC URL or the folder");
    }

    @Test
    void aCachedFolderThatLostAFileIsFilledAnew() throws Exception {
        CachedFolder.Filler filler = folder -> {
            Files.createDirectory(folder.resolve("empty"));
            Files.writeString(folder.resolve("one"), "1");
        };
        String name = "test-" + ProcessHandle.current().pid();
        try {
            var cached = CachedFolder.get(name, filler);
            assertThat(CachedFolder.get(name, folder -> Files.writeString(folder.resolve("never"), "")))
                    .isEqualTo(cached);
            assertThat(cached.resolve("never")).doesNotExist();
            Files.delete(cached.resolve("one"));

            CachedFolder.get(name, filler);

            assertThat(cached.resolve("one")).hasContent("1");
            assertThat(ServerDirectory.children("new-")).isEmpty();
        } finally {
            CachedFolder.delete(CachedFolder.root().resolve(name));
        }
    }

    @ParameterizedTest
    @EnumSource(UnprivilegedCommand.class)
    void runsInEveryWayThatWorksHere(UnprivilegedCommand way) {
        // As an ordinary user only the first works, and as root it does not: that one is found all the same.
        UnprivilegedCommand used = way.works() ? way : UnprivilegedCommand.find();

        ServerDirectory server = ServerDirectory.create(
                used,
                Version.V15,
                "someone",
                "secret",
                Map.of("port", Integer.toString(PostgresServer.freePort()), "unix_socket_directories", ""),
                0);
        assertThat(server.isRunning()).isTrue();
        server.kill();
        server.launch();
        server.close();

        assertThat(server.isRunning()).isFalse();
        assertThat(Files.exists(server.data())).isFalse();
    }
}

package dev.architect.store.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MigratorTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Migration FIRST = new Migration(1, "first", "CREATE TABLE a (id ${long});\n");
    private static final Migration SECOND = new Migration(2, "second", "CREATE TABLE b (id ${long});\n");

    private Connection connection;

    @BeforeEach
    void open() throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite::memory:");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    /** As the stores do it: in one transaction, taken back when it fails. */
    private void migrate(Migration... migrations) throws SQLException {
        Migrator migrator = new Migrator(Dialect.SQLITE, "test.db", List.of(migrations));
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            try {
                migrator.migrate(connection, NOW);
                statement.execute("COMMIT");
            } catch (SQLException | RuntimeException failure) {
                statement.execute("ROLLBACK");
                throw failure;
            }
        }
    }

    private List<String> tables() throws SQLException {
        return strings("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
    }

    private List<String> strings(String sql) throws SQLException {
        List<String> strings = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                strings.add(row.getString(1));
            }
        }
        return strings;
    }

    private static void assertRefused(ThrowingCallable call, Kind kind, String message) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StoreException.class, refusal -> {
            assertThat(refusal.kind()).isEqualTo(kind);
            assertThat(refusal).hasMessageContaining(message);
        });
    }

    @Test
    void appliesWhatIsMissingInOrderAndOnce() throws SQLException {
        migrate(FIRST);
        migrate(FIRST, SECOND);
        migrate(FIRST, SECOND);

        assertThat(tables()).containsExactly("a", "architect_migration", "b");
        assertThat(strings("SELECT version || name || checksum FROM architect_migration ORDER BY version"))
                .containsExactly("1first" + FIRST.checksum(), "2second" + SECOND.checksum());
    }

    @Test
    void leavesNothingHalfDone() throws SQLException {
        migrate(FIRST);
        Migration broken = new Migration(2, "broken", "CREATE TABLE b (id ${long});\nCREATE TABLE a (id ${long});\n");

        assertThatThrownBy(() -> migrate(FIRST, broken)).isInstanceOf(SQLException.class);

        assertThat(tables()).containsExactly("a", "architect_migration");
        migrate(FIRST, SECOND);
        assertThat(tables()).contains("b");
    }

    @Test
    void refusesAChangedStep() throws SQLException {
        migrate(FIRST, SECOND);
        Migration changed = new Migration(1, "first", "CREATE TABLE a (id ${long}, name ${text});\n");

        assertRefused(
                () -> migrate(changed, SECOND),
                Kind.CORRUPT,
                "test.db has schema step 1 (first) with checksum "
                        + FIRST.checksum().substring(0, 12) + ", expected first with "
                        + changed.checksum().substring(0, 12));
    }

    @Test
    void refusesARenamedStep() throws SQLException {
        migrate(FIRST);

        assertRefused(() -> migrate(new Migration(1, "other", FIRST.sql())), Kind.CORRUPT, "has schema step 1 (first)");
    }

    @Test
    void refusesANewerDatabase() throws SQLException {
        migrate(FIRST, SECOND);

        assertRefused(
                () -> migrate(FIRST),
                Kind.TOO_NEW,
                "test.db has schema 2 (second), expected at most 1: it was written by a newer version of Architect");
        assertThat(tables()).contains("b");
    }

    @Test
    void refusesAGap() throws SQLException {
        migrate(FIRST, SECOND);
        strings("DELETE FROM architect_migration WHERE version = 1 RETURNING name");

        assertRefused(() -> migrate(FIRST, SECOND), Kind.CORRUPT, "test.db lacks schema step 1");
    }

    @Test
    void checksWithoutAChange() throws SQLException {
        migrate(FIRST);
        Migrator newer = new Migrator(Dialect.SQLITE, "test.db", List.of(FIRST, SECOND));

        newer.check(connection);

        assertThat(tables()).containsExactly("a", "architect_migration");
    }

    @Test
    void sumsTheSameWhateverTheLineEndings() {
        Migration windows = new Migration(1, "first", FIRST.sql().replace("\n", "\r\n"));

        assertThat(windows.checksum()).isEqualTo(FIRST.checksum()).hasSize(64);
        assertThat(FIRST.checksum()).isNotEqualTo(SECOND.checksum());
    }

    @Test
    void splitsStatementsAtTheEndOfALineAndDropsComments() {
        Migration migration = new Migration(
                1,
                "m",
                "-- A comment; with a semicolon.\nCREATE TABLE a (\n    id ${long}\n);\n\nINSERT INTO a VALUES (';x');\n");

        assertThat(migration.statements(Dialect.SQLITE))
                .containsExactly("CREATE TABLE a (\n    id INTEGER\n)", "INSERT INTO a VALUES (';x')");
    }

    @Test
    void namesAKeywordThatTheDialectLacks() {
        Migration migration = new Migration(1, "m", "CREATE TABLE a (id ${uuid});\n");

        assertThatThrownBy(() -> migration.statements(new Dialect(Map.of("long", "bigint"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("migration has ${uuid}, expected one of [long]");
    }

    /** A released step never changes: whoever needs to change this test needs a new step instead. */
    @Test
    void keepsTheReleasedStepsAsTheyAre() {
        assertThat(Migration.ALL).extracting(Migration::version).containsExactly(1, 2, 3, 4);
        assertThat(Migration.ALL)
                .extracting(migration -> migration.checksum().substring(0, 12))
                .containsExactly("836bcf9d2a13", "ea87973f9c03", "63ca281249cc", "f0ecc15f09fe");
    }
}

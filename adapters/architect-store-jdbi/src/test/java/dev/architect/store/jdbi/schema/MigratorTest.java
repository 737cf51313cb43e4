package dev.architect.store.jdbi.schema;

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

    private static final Migration ADDS_A_TABLE =
            new Migration(2, "second", "-- readable from: 1\nCREATE TABLE b (id ${long});\n");
    private static final Migration ADDS_ANOTHER =
            new Migration(3, "third", "-- readable from: 1\nCREATE TABLE c (id ${long});\n");

    private Connection connection;

    @BeforeEach
    void open() throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite::memory:");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private void migrate(Migration... migrations) throws SQLException {
        migrate(connection, migrations);
    }

    private static void migrate(Connection connection, Migration... migrations) throws SQLException {
        new Migrator(Dialect.SQLITE, "test.db", List.of(migrations)).migrate(connection, new OneLock(), NOW);
    }

    /** Counts how often the lock outside a transaction is held, and may do something before it is given. */
    private static final class OneLock extends ImmediateLock {

        private final List<String> calls = new ArrayList<>();
        private Runnable beforeItIsGiven = () -> {};

        @Override
        public Held acquire(Connection connection) {
            beforeItIsGiven.run();
            calls.add("acquired");
            return () -> calls.add("released");
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
                "test.db has schema 2 (second), expected at most 1: it was written by a newer version of Architect; programs"
                        + " that know schema 2 or later can use it, and this one knows 1");
        assertThat(tables()).contains("b");
    }

    @Test
    void opensTheDatabaseOfANewerProgramWhenEveryUnknownStepAllowsIt() throws SQLException {
        migrate(FIRST, ADDS_A_TABLE, ADDS_ANOTHER);

        migrate(FIRST);
        migrate(FIRST, ADDS_A_TABLE);

        assertThat(strings("SELECT version || ' ' || readable_from FROM architect_migration ORDER BY version"))
                .containsExactly("1 1", "2 1", "3 1");
    }

    @Test
    void refusesANewerDatabaseWhenOneOfItsStepsDoes() throws SQLException {
        Migration breaks = new Migration(3, "third", "-- readable from: 2\nCREATE TABLE c (id ${long});\n");
        migrate(FIRST, ADDS_A_TABLE, breaks);

        migrate(FIRST, ADDS_A_TABLE);
        assertRefused(
                () -> migrate(FIRST),
                Kind.TOO_NEW,
                "test.db has schema 3 (third), expected at most 1: it was written by a newer version of Architect; programs"
                        + " that know schema 2 or later can use it, and this one knows 1");
    }

    @Test
    void refusesANewerDatabaseThatLacksAStepWhichThisProgramKnows() throws SQLException {
        migrate(FIRST, ADDS_A_TABLE, ADDS_ANOTHER);
        strings("DELETE FROM architect_migration WHERE version = 2 RETURNING name");

        assertRefused(() -> migrate(FIRST, ADDS_A_TABLE), Kind.CORRUPT, "test.db lacks schema step 2");
    }

    @Test
    void keepsTheOldSchemaAndItsProgramsWhenALaterStepFails() throws SQLException {
        migrate(FIRST);
        Migration broken = new Migration(3, "broken", "CREATE TABLE c (id ${long});\nCREATE TABLE a (id ${long});\n");

        assertThatThrownBy(() -> migrate(FIRST, SECOND, broken)).isInstanceOf(SQLException.class);

        assertThat(tables()).containsExactly("a", "architect_migration");
        migrate(FIRST);
    }

    @Test
    void runsAStepOutsideATransactionBetweenTheOthers() throws SQLException {
        Migration vacuum = outside(2, "VACUUM;\nCREATE TABLE IF NOT EXISTS b (id ${long});\n");
        Migration third = new Migration(3, "third", "CREATE TABLE c (id ${long});\n");

        migrate(FIRST, vacuum, third);

        assertThat(tables()).containsExactly("a", "architect_migration", "b", "c");
        assertThat(strings("SELECT version FROM architect_migration ORDER BY version"))
                .containsExactly("1", "2", "3");
    }

    @Test
    void leavesTheOldProgramsServingWhenAStepOutsideATransactionFailsHalfWay() throws SQLException {
        migrate(FIRST);
        Migration broken = outside(2, "CREATE TABLE IF NOT EXISTS b (id ${long});\nCREATE TABLE a (id ${long});\n");
        Migration mended = outside(2, "CREATE TABLE IF NOT EXISTS b (id ${long});\n");

        assertThatThrownBy(() -> migrate(FIRST, broken)).isInstanceOf(SQLException.class);

        assertThat(tables()).contains("b");
        migrate(FIRST);
        migrate(FIRST, mended);
        assertThat(strings("SELECT version FROM architect_migration ORDER BY version"))
                .containsExactly("1", "2");
    }

    @Test
    void appliesAStepOutsideATransactionOnceWhenTwoMigratorsWaitForTheLock() throws SQLException {
        // Not repeatable, so a second run would fail.
        Migration step = outside(2, "CREATE TABLE b (id ${long});\n");
        migrate(FIRST);
        OneLock lock = new OneLock();
        lock.beforeItIsGiven = () -> {
            lock.beforeItIsGiven = () -> {};
            try {
                new Migrator(Dialect.SQLITE, "test.db", List.of(FIRST, step)).migrate(connection, lock, NOW);
            } catch (SQLException failure) {
                throw new AssertionError(failure);
            }
        };

        new Migrator(Dialect.SQLITE, "test.db", List.of(FIRST, step)).migrate(connection, lock, NOW);

        assertThat(lock.calls).containsExactly("acquired", "released", "acquired", "released");
        assertThat(tables()).containsExactly("a", "architect_migration", "b");
    }

    @Test
    void refusesAStepThatStatesWhatCannotBe() {
        assertThatThrownBy(() -> new Migration(2, "m", "-- readable from: 3\nCREATE TABLE b (id ${long});\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("schema step 2 is readable from 3, expected 1..2");
        assertThatThrownBy(() -> new Migration(2, "m", "-- outside a transaction\nVACUUM;\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("schema step 2 is outside a transaction and readable from 2, expected an earlier step");
    }

    private static Migration outside(int version, String sql) {
        return new Migration(version, "outside", "-- readable from: 1\n-- outside a transaction\n" + sql);
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

        assertThatThrownBy(() -> migration.statements(new Dialect("", List.of(), Map.of("long", "bigint"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("migration has ${uuid}, expected one of [long]");
    }

    /** A released step never changes: whoever needs to change this test needs a new step instead. */
    @Test
    void keepsTheReleasedStepsAsTheyAre() {
        assertThat(Migration.all(Dialect.SQLITE))
                .extracting(Migration::version)
                .containsExactly(
                        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
                        27, 28, 29, 30, 31);
        assertThat(Migration.all(Dialect.SQLITE))
                .extracting(migration -> migration.checksum().substring(0, 12))
                .containsExactly(
                        "6649e9b3de66",
                        "5056c50e91da",
                        "dc3e9a84c562",
                        "a1be65000cc5",
                        "fc62b46883f0",
                        "58632b754452",
                        "0da8d705e888",
                        "b86bc70b99a4",
                        "dab581306839",
                        "16849d6c85fc",
                        "c2a260089bb8",
                        "cf2085ecd37d",
                        "eced8d47b37b",
                        "25ac6798b3a3",
                        "191ec1161bf2",
                        "933e3f2791ad",
                        "a02840058cb6",
                        "620bd084ca05",
                        "35a411913ae2",
                        "a326bd3357c8",
                        "ea34467226c5",
                        "d82095af414f",
                        "2af1b1b16156",
                        "54e525596142",
                        "fa239a8b5d76",
                        "1632506ed240",
                        "12e32b02e92a",
                        "8aee2d9d73c0",
                        "6d57396ab3e1",
                        "e7d39143cc06",
                        "9e9cab7dace6");
    }
}

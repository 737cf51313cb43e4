package dev.architect.store.jdbi;

import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Brings a database to the newest schema, and refuses one that it does not know. What was applied is kept in the table
 * {@code architect_migration} with its checksum.
 */
public final class Migrator {

    private final Dialect dialect;
    private final String subject;
    private final List<Migration> migrations;

    private record Applied(String name, String checksum) {}

    /** Creates a migrator for the database that messages call {@code subject}. */
    public Migrator(Dialect dialect, String subject) {
        this(dialect, subject, Migration.ALL);
    }

    Migrator(Dialect dialect, String subject, List<Migration> migrations) {
        this.dialect = dialect;
        this.subject = subject;
        this.migrations = List.copyOf(migrations);
    }

    /**
     * Checks what was applied, without a change. The table {@code architect_migration} must exist.
     *
     * @throws StoreException {@code TOO_NEW} when a newer version has written it, {@code CORRUPT} when a step was changed
     *     after it had been applied, or is missing
     */
    public void check(Connection connection) throws SQLException {
        applied(connection);
    }

    /** Checks, and applies what is missing. The caller has begun a transaction, and rolls it back when this throws. */
    public void migrate(Connection connection, Instant now) throws SQLException {
        execute(
                connection,
                dialect.translate(
                        "CREATE TABLE IF NOT EXISTS architect_migration (version ${key}, name ${text} NOT NULL,"
                                + " checksum ${text} NOT NULL, applied_at ${long} NOT NULL)"));
        // Inside the caller's transaction, so two processes that start together do not apply the same step twice.
        int done = applied(connection);
        for (Migration migration : migrations.subList(done, migrations.size())) {
            for (String statement : migration.statements(dialect)) {
                execute(connection, statement);
            }
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO architect_migration (version, name, checksum, applied_at) VALUES (?, ?, ?, ?)")) {
                insert.setInt(1, migration.version());
                insert.setString(2, migration.name());
                insert.setString(3, migration.checksum());
                insert.setLong(4, Micros.of(now));
                insert.executeUpdate();
            }
        }
    }

    /** Returns how many of the steps were applied, all of them as we know them. */
    private int applied(Connection connection) throws SQLException {
        Map<Integer, Applied> rows = new TreeMap<>();
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery("SELECT version, name, checksum FROM architect_migration")) {
            while (row.next()) {
                rows.put(row.getInt(1), new Applied(row.getString(2), row.getString(3)));
            }
        }
        rows.forEach((version, found) -> {
            // The steps of a newer version are unknown here, so their number alone decides.
            if (version < 1 || version > migrations.size()) {
                throw new StoreException(
                        Kind.TOO_NEW,
                        subject + " has schema " + version + " (" + found.name() + "), expected at most "
                                + migrations.size() + ": it was written by a newer version of Architect",
                        null);
            }
            checkKnown(migrations.get(version - 1), found);
        });
        // With as many rows as steps and none missing, the steps applied are exactly the first ones.
        for (int version = 1; version <= rows.size(); version++) {
            if (!rows.containsKey(version)) {
                throw new StoreException(
                        Kind.CORRUPT,
                        subject + " lacks schema step " + version + ", expected it before later ones",
                        null);
            }
        }
        return rows.size();
    }

    private void checkKnown(Migration known, Applied found) {
        if (!known.checksum().equals(found.checksum()) || !known.name().equals(found.name())) {
            throw new StoreException(
                    Kind.CORRUPT,
                    subject + " has schema step " + known.version() + " (" + found.name() + ") with checksum "
                            + brief(found.checksum()) + ", expected " + known.name() + " with "
                            + brief(known.checksum()),
                    null);
        }
    }

    private static String brief(String checksum) {
        // Twelve digits tell two files apart and keep the message readable.
        return checksum.substring(0, Math.min(12, checksum.length()));
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

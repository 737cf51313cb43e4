package dev.architect.store.jdbi.schema;

import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Brings a database to the newest schema, and refuses one that this program cannot use. What was applied is kept in the table
 * {@code architect_migration}: each step with its checksum, and with the newest step that a program must know to use the database
 * after it. An older program opens the database of a newer one as long as all unknown steps allow it.
 *
 * <p>Consecutive steps are applied in one transaction, so that a failure leaves the schema as it was. A step that is marked as
 * outside a transaction runs by itself, under a lock against other migrators, and is recorded when all of it is done.
 */
public final class Migrator {

    private static final int COLUMNS = 5;

    // Not partitions, which are used through their table.
    private static final Pattern CREATED = Pattern.compile(
            "^CREATE (TABLE|VIEW|SEQUENCE) (?:IF NOT EXISTS )?(\\w+)\\b(?! PARTITION OF)", Pattern.MULTILINE);

    private final Dialect dialect;
    private final String subject;
    private final List<Migration> migrations;

    private record Applied(int version, String name, String checksum, int readableFrom) {}

    /** Creates a migrator for the database that messages call {@code subject}. */
    public Migrator(Dialect dialect, String subject) {
        this(dialect, subject, Migration.all(dialect));
    }

    Migrator(Dialect dialect, String subject, List<Migration> migrations) {
        this.dialect = dialect;
        this.subject = subject;
        this.migrations = List.copyOf(migrations);
    }

    /**
     * Checks what was applied, without a change. The table {@code architect_migration} must exist.
     *
     * @throws StoreException {@code TOO_NEW} when a newer version has changed the schema so that this one cannot use it, {@code
     *     CORRUPT} when a step was changed after it had been applied, or is missing
     */
    public void check(Connection connection) throws SQLException {
        applied(connection);
    }

    /** Returns how many steps there are. */
    public int steps() {
        return migrations.size();
    }

    /** Checks as {@link #check}, and returns how many steps are missing: zero when the schema is the newest one or of a newer version. */
    public int missingSteps(Connection connection) throws SQLException {
        return migrations.size() - applied(connection);
    }

    /**
     * Returns the names of what all steps together create, in the schema that the connection is in.
     *
     * @param kind {@code TABLE}, without partitions, {@code VIEW} or {@code SEQUENCE}
     */
    public Set<String> created(String kind) {
        Set<String> names = new TreeSet<>();
        for (Migration step : migrations) {
            Matcher statement = CREATED.matcher(step.sql());
            while (statement.find()) {
                if (statement.group(1).equals(kind)) {
                    names.add(statement.group(2));
                }
            }
        }
        return names;
    }

    /**
     * Checks, and applies what is missing, in transactions of its own. When this throws, nothing of the steps that run in a
     * transaction was kept since the last step outside one.
     *
     * @throws StoreException as {@link #check}
     */
    public void migrate(Connection connection, Lock lock, Instant now) throws SQLException {
        int done = inTransaction(connection, lock, () -> applyUpToNextOutside(connection, now));
        while (done < migrations.size()) {
            applyOutside(migrations.get(done), connection, lock, now);
            done = inTransaction(connection, lock, () -> applyUpToNextOutside(connection, now));
        }
    }

    /** Returns how many of our steps are applied now. */
    private int applyUpToNextOutside(Connection connection, Instant now) throws SQLException {
        execute(
                connection,
                dialect.translate(
                        "CREATE TABLE IF NOT EXISTS architect_migration (version ${key}, name ${text} NOT NULL,"
                                + " checksum ${text} NOT NULL, applied_at ${long} NOT NULL, readable_from ${long})"));
        // Inside the transaction, so two processes that start together do not apply the same step twice.
        int done = applied(connection);
        while (done < migrations.size() && !migrations.get(done).isOutsideTransaction()) {
            Migration step = migrations.get(done);
            executeAll(step, connection);
            record(step, connection, now);
            done++;
        }
        return done;
    }

    // The lock is held for its effect alone.
    @SuppressWarnings("try")
    private void applyOutside(Migration step, Connection connection, Lock lock, Instant now) throws SQLException {
        Lock.Held held = lock.acquire(connection);
        try {
            // Another migrator may have applied it while this one waited for the lock.
            if (applied(connection) < step.version()) {
                executeAll(step, connection);
                inTransaction(connection, lock, () -> record(step, connection, now));
            }
        } finally {
            held.close();
        }
    }

    private void executeAll(Migration step, Connection connection) throws SQLException {
        for (String statement : step.statements(dialect)) {
            execute(connection, statement);
        }
    }

    private static int record(Migration step, Connection connection, Instant now) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO architect_migration (version, name, checksum, applied_at,"
                        + " readable_from) VALUES (?, ?, ?, ?, ?)")) {
            insert.setInt(1, step.version());
            insert.setString(2, step.name());
            insert.setString(3, step.checksum());
            insert.setLong(4, ChronoUnit.MICROS.between(Instant.EPOCH, now));
            insert.setInt(5, step.readableFrom());
            return insert.executeUpdate();
        }
    }

    private interface Body {
        int run() throws SQLException;
    }

    private static int inTransaction(Connection connection, Lock lock, Body body) throws SQLException {
        lock.begin(connection);
        try {
            int result = body.run();
            lock.commit(connection);
            return result;
        } catch (Throwable failure) {
            try {
                lock.rollBack(connection);
            } catch (SQLException alreadyDone) {
                failure.addSuppressed(alreadyDone);
            }
            throw failure;
        }
    }

    /** Returns how many of our steps were applied, all of them as we know them. */
    private int applied(Connection connection) throws SQLException {
        NavigableMap<Integer, Applied> rows = rows(connection);
        // Before anything else: what a newer version has made of the known steps is its own business.
        checkUsable(rows);
        SortedMap<Integer, Applied> known = rows.headMap(migrations.size(), true);
        known.forEach((version, found) -> checkKnown(version, found));
        // Steps are applied in order, so those that are there are exactly the first ones.
        int expected = known.size() < rows.size() ? migrations.size() : known.size();
        for (int version = 1; version <= expected; version++) {
            if (!known.containsKey(version)) {
                throw new StoreException(
                        Kind.CORRUPT,
                        subject + " lacks schema step " + version + ", expected it before later ones",
                        null);
            }
        }
        return known.size();
    }

    private static NavigableMap<Integer, Applied> rows(Connection connection) throws SQLException {
        NavigableMap<Integer, Applied> rows = new TreeMap<>();
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery("SELECT * FROM architect_migration")) {
            // A database from before this column is rejected for its checksums, with their message.
            boolean isStated = row.getMetaData().getColumnCount() >= COLUMNS;
            while (row.next()) {
                int version = row.getInt("version");
                int from = isStated ? row.getInt("readable_from") : 0;
                rows.put(
                        version,
                        new Applied(
                                version, row.getString("name"), row.getString("checksum"), from == 0 ? version : from));
            }
        }
        return rows;
    }

    /** The steps of a newer version are unknown here, so what each of them states decides. */
    private void checkUsable(NavigableMap<Integer, Applied> rows) {
        int required = rows.tailMap(migrations.size(), false).values().stream()
                .mapToInt(Applied::readableFrom)
                .max()
                .orElse(0);
        if (required > migrations.size()) {
            Applied newest = rows.lastEntry().getValue();
            throw new StoreException(
                    Kind.TOO_NEW,
                    subject + " has schema " + newest.version() + " (" + newest.name() + "), expected at most "
                            + migrations.size() + ": it was written by a newer version of Architect; programs that know"
                            + " schema " + required + " or later can use it, and this one knows " + migrations.size(),
                    null);
        }
    }

    private void checkKnown(int version, Applied found) {
        if (version < 1) {
            throw new StoreException(
                    Kind.CORRUPT, subject + " has schema step " + version + ", expected 1 or more", null);
        }
        Migration known = migrations.get(version - 1);
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

    /**
     * Lets one migrator at a time change the schema of a database, over all processes. How that is done differs from database to
     * database: SQLite has one writing transaction at a time, PostgreSQL has locks of rows.
     *
     * <p>Both methods that wait give up with the database's own failure when it takes longer than the store allows.
     */
    public interface Lock {

        /** Begins a transaction on {@code connection}. Waits while another migrator is in one. */
        void begin(Connection connection) throws SQLException;

        /**
         * Keeps other migrators away from steps that run outside a transaction, until the result is closed or this process ends. Waits
         * while another migrator has the lock. Programs that only use the database are not kept away.
         */
        Held acquire(Connection connection) throws SQLException;

        /** Commits the transaction. */
        default void commit(Connection connection) throws SQLException {
            execute(connection, "COMMIT");
        }

        /** Rolls the transaction back. */
        default void rollBack(Connection connection) throws SQLException {
            execute(connection, "ROLLBACK");
        }

        /** The lock, until it is closed. */
        interface Held extends AutoCloseable {

            @Override
            void close() throws SQLException;
        }
    }
}

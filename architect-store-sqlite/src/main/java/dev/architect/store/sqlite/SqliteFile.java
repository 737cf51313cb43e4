package dev.architect.store.sqlite;

import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import dev.architect.store.jdbi.Dialect;
import dev.architect.store.jdbi.Migrator;
import dev.architect.store.sqlite.BusyRetry.SqlCall;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.SynchronousMode;

/**
 * The database file: checks that it exists, is undamaged and is ours, migrates it, and opens connections to it.
 *
 * <p>It is never opened except by SQLite: closing any other handle on it would drop the locks that SQLite holds for this
 * process. An existing file is first checked through a connection that cannot write, so that a file that is refused is left as it
 * was.
 */
final class SqliteFile {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteFile.class);

    /** The busy timeout of one attempt, of which that of the store has many. Short, so that a gap of another process is met. */
    private static final int ATTEMPT_MILLIS = 20;

    // The default page size of SQLite, which this store never changes.
    private static final int PAGE_BYTES = 4_096;
    // After a checkpoint SQLite keeps the log at its largest size so far; this cuts it back after a burst of changes.
    private static final int LOG_LIMIT_BYTES = 64 << 20;
    // So many pages of the log are moved into the file at once, 16 MB. A page that changes often is moved once in four
    // times as many commits as with the default of 1,000.
    private static final int CHECKPOINT_PAGES = 4_000;
    // A commit of a few hundred tasks touches more pages than the default of 2 MB holds: it would write them twice.
    private static final int WRITE_CACHE_KIB = 32 << 10;

    private final Path path;
    private final SqliteStoreBuilder options;
    private final SqliteErrorReader failures;
    private final Migrator migrator;

    private SqliteFile(Path path, SqliteStoreBuilder options) {
        this.path = path;
        this.options = options;
        this.failures = new SqliteErrorReader(path);
        this.migrator = new Migrator(Dialect.SQLITE, path.toString());
    }

    /** Checks the file and migrates it to the newest schema. */
    static SqliteFile prepare(SqliteStoreBuilder options) {
        SqliteFile file = new SqliteFile(SqlitePath.resolve(options.file), options);
        boolean holdsData = SqlitePath.holdsData(file.path);
        PrivateFiles.createDatabase(file.path);
        if (holdsData) {
            file.checkIntegrity();
        }
        // Migration checks the schema a second time, in its transaction: another process may have migrated in between.
        file.migrate();
        return file;
    }

    Path path() {
        return path;
    }

    /** Checks for damage, for other applications' tables, and for a newer schema, and changes nothing. */
    private void checkIntegrity() {
        try (Connection connection = connect(config(true));
                Statement statement = connection.createStatement()) {
            // One finding is enough to reject the file, so the check stops at the first.
            String finding = string(statement, "PRAGMA quick_check(1)");
            if (!finding.equals("ok")) {
                throw new StoreException(
                        Kind.CORRUPT, path + " is damaged and was not changed: " + oneLine(finding), null);
            }
            // Counted before our table is looked for: an empty database
            // may become ours, one with other tables may not.
            if (string(statement, "SELECT count(*) FROM sqlite_master").equals("0")) {
                LOG.warn("{} was an empty database; its tables are created", path);
            } else if (string(statement, "SELECT count(*) FROM sqlite_master WHERE name = 'architect_migration'")
                    .equals("0")) {
                throw new StoreException(
                        Kind.INACCESSIBLE,
                        path + " holds the tables of another application, expected a store of Architect or a new file",
                        null);
            } else {
                migrator.check(connection);
            }
        } catch (SQLException failure) {
            throw failures.openFailure(failure);
        }
    }

    private void migrate() {
        try (Connection connection = connect(config(false))) {
            switchToLog(connection);
            try (Statement statement = connection.createStatement()) {
                BusyRetry.beginImmediate(statement, options.busyTimeout, failures);
                try {
                    migrator.migrate(connection, options.time.wallTime());
                    statement.execute("COMMIT");
                } catch (SQLException | RuntimeException failure) {
                    rollBack(statement, failure);
                    throw failure;
                }
            }
        } catch (SQLException failure) {
            throw failures.openFailure(failure);
        }
    }

    private static void rollBack(Statement statement, Exception failure) {
        try {
            statement.execute("ROLLBACK");
        } catch (SQLException alreadyDone) {
            failure.addSuppressed(alreadyDone);
        }
    }

    /** Two processes that do this to a new file at once refuse each other for a moment. */
    private void switchToLog(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            String mode = BusyRetry.retryWhileBusy(
                    () -> string(statement, "PRAGMA journal_mode = WAL"), options.busyTimeout, failures);
            // SQLite does not fail when it cannot use a log, for example
            // without shared memory; it returns the mode it kept.
            if (!mode.equals("wal")) {
                throw new StoreException(
                        Kind.INACCESSIBLE,
                        path + " has journal mode " + mode + ", expected wal: is it on a local disk?",
                        null);
            }
        }
    }

    GroupCommit openWriter() {
        try {
            Connection connection = connect(config(false));
            return closingOnFailure(
                    List.of(connection),
                    () -> new GroupCommit(connection, failures, options.busyTimeout, options.queueCapacity));
        } catch (SQLException failure) {
            throw failures.openFailure(failure);
        }
    }

    SqliteReadPool openReaders() {
        try {
            List<Connection> connections = openAll(options.readers, () -> connect(config(true)));
            return closingOnFailure(connections, () -> new SqliteReadPool(connections, failures, options.busyTimeout));
        } catch (SQLException failure) {
            throw failures.openFailure(failure);
        }
    }

    /** Opens {@code count} connections, or none. */
    static List<Connection> openAll(int count, SqlCall<Connection> open) throws SQLException {
        List<Connection> opened = new ArrayList<>();
        while (opened.size() < count) {
            opened.add(closingOnFailure(opened, open));
        }
        return opened;
    }

    /** Returns the result of {@code call}; when it fails, {@code opened} are closed first. */
    private static <T> T closingOnFailure(List<Connection> opened, SqlCall<T> call) throws SQLException {
        try {
            return call.run();
        } catch (Throwable failure) {
            for (Connection connection : opened) {
                try {
                    connection.close();
                } catch (SQLException another) {
                    failure.addSuppressed(another);
                }
            }
            throw failure;
        }
    }

    private SQLiteConfig config(boolean isReadOnly) {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(isReadOnly);
        // Otherwise the driver reads the last row id after each INSERT; ids come from our own blocks.
        config.setGetGeneratedKeys(false);
        if (isReadOnly) {
            config.setBusyTimeout(Math.toIntExact(Math.min(options.busyTimeout.toMillis(), Integer.MAX_VALUE)));
        } else {
            // The store's busy timeout is spent in BusyRetry, by repeating this short one.
            config.setBusyTimeout(ATTEMPT_MILLIS);
            config.enforceForeignKeys(true);
            config.setJournalSizeLimit(LOG_LIMIT_BYTES);
            // Negative: kibibytes instead of pages.
            config.setCacheSize(-WRITE_CACHE_KIB);
            config.setPragma(SQLiteConfig.Pragma.WAL_AUTOCHECKPOINT, String.valueOf(CHECKPOINT_PAGES));
            config.setSynchronous(
                    options.synchronous == Synchronous.FULL ? SynchronousMode.FULL : SynchronousMode.NORMAL);
        }
        return config;
    }

    /**
     * Connects by URI: a plain name would be cut at a question mark, and the driver would create and delete a missing file
     * to try the directory, which another process may have opened in between.
     */
    private Connection connect(SQLiteConfig config) throws SQLException {
        Connection connection = config.createConnection("jdbc:sqlite:" + path.toUri());
        if (options.maxBytes == Long.MAX_VALUE) {
            return connection;
        }
        return closingOnFailure(List.of(connection), () -> {
            try (Statement statement = connection.createStatement()) {
                // SQLite keeps this limit for the connection, not in the file.
                statement.execute("PRAGMA max_page_count = " + options.maxBytes / PAGE_BYTES);
            }
            return connection;
        });
    }

    private static String string(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : "";
        }
    }

    private static String oneLine(String finding) {
        // SQLite's heading names its schema "main", which means nothing to the reader of the message.
        return finding.replace("*** in database main ***", "").strip().replaceAll("\\s*\\R\\s*", "; ");
    }
}

package dev.architect.store.sqlite;

import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import dev.architect.store.jdbi.schema.Dialect;
import dev.architect.store.jdbi.schema.Migrator;
import dev.architect.store.sqlite.BusyRetry.SqlCall;
import dev.architect.thread.ThreadRunner;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
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
    // A commit of a few hundred tasks touches more pages than the default of 2 MB holds: it would write them twice.
    private static final int WRITE_CACHE_KIB = 32 << 10;

    private static final Duration UNLIMITED = Duration.ofDays(365);

    private final Path path;
    private final SqliteStoreBuilder options;
    private final StoreGuard guard = new StoreGuard();
    private final SqliteErrorReader failures;
    private final Migrator migrator;
    private final IntegrityCheck check;
    // A new file needs no check.
    private boolean holdsData;
    private boolean wasClean = true;
    private boolean hasLog = true;

    private SqliteFile(Path path, SqliteStoreBuilder options) {
        this.path = path;
        this.options = options;
        this.failures = new SqliteErrorReader(path, guard);
        this.migrator = new Migrator(Dialect.SQLITE, path.toString());
        this.check = new IntegrityCheck(path, () -> connect(config(true)), guard, failures);
    }

    /** Looks at the file and refuses what is not a store, or is visibly damaged. Creates an empty file when there is none. */
    static SqliteFile inspect(SqliteStoreBuilder options) {
        SqliteFile file = new SqliteFile(SqlitePath.resolve(options.file), options);
        file.holdsData = SqlitePath.holdsData(file.path);
        // Before any connection is opened.
        int expectedMark = CleanStop.expectedMark(file.path);
        PrivateFiles.createDatabase(file.path);
        if (file.holdsData) {
            file.inspect(expectedMark);
        }
        return file;
    }

    /**
     * Starts to check every page. Waits for the result a little when the file was not closed in order, and to the end when it comes from a
     * copy without a log: SQLite does not let it have one while it is read.
     */
    void checkPages(ThreadRunner runner) {
        if (!holdsData) {
            return;
        }
        check.start(runner);
        if (!wasClean) {
            check.await(hasLog ? options.openCheckLimit : UNLIMITED);
        }
        String finding = check.finding();
        if (finding != null) {
            throw new StoreException(
                    Kind.CORRUPT, path + " is damaged and was not changed: " + finding + IntegrityCheck.ADVICE, null);
        }
    }

    /** The check of the pages, for the store to end and for tests to await. */
    IntegrityCheck check() {
        return check;
    }

    /** Whether it was closed in order and not changed since, or is new. */
    boolean wasClean() {
        return wasClean;
    }

    Path path() {
        return path;
    }

    /** Checks for damage, for other applications' tables, and for a newer schema, and changes nothing. */
    private void inspect(int expectedMark) {
        try (Connection connection = connect(config(true));
                Statement statement = connection.createStatement()) {
            wasClean = CleanStop.isMarked(statement, expectedMark);
            hasLog = string(statement, "PRAGMA journal_mode").equals("wal");
            checkLength(statement, expectedMark);
            // Counted before our table is looked for: an empty database
            // may become ours, one with other tables may not.
            if (string(statement, "SELECT count(*) FROM sqlite_master").equals("0")) {
                LOG.warn("{} was an empty database; its tables are created", path);
            } else if (!string(statement, "SELECT count(*) FROM sqlite_master WHERE name = 'architect_migration'")
                    .equals("0")) {
                migrator.check(connection);
            } else if (!options.besideOtherTables) {
                throw new StoreException(
                        Kind.INACCESSIBLE,
                        path + " holds the tables of another application, expected a store of Architect or a new file",
                        null);
            }
        } catch (SQLException failure) {
            throw failures.openFailure(failure);
        }
    }

    /** A file that ends early is found here without reading it; with a log, its end may be in there. */
    private void checkLength(Statement statement, int expectedMark) throws SQLException {
        long pages = Long.parseLong(string(statement, "PRAGMA page_count"));
        long bytes = pages * Long.parseLong(string(statement, "PRAGMA page_size"));
        long length = SqlitePath.size(path);
        if (expectedMark != 0 && length < bytes) {
            throw new StoreException(
                    Kind.CORRUPT,
                    path + " is damaged and was not changed: it has " + length + " bytes, expected " + bytes
                            + IntegrityCheck.ADVICE,
                    null);
        }
    }

    /** Migrates it to the newest schema, after a second check: another process may have migrated in between. */
    void migrate() {
        try (Connection connection = connect(config(false))) {
            switchToLog(connection);
            try (Statement statement = connection.createStatement()) {
                BusyRetry.retryWhileBusy(
                        () -> {
                            CleanStop.remove(statement);
                            return true;
                        },
                        options.busyTimeout,
                        failures);
            }
            migrator.migrate(
                    connection,
                    new SqliteMigrationLock(this::openLockFile, options.busyTimeout, failures),
                    options.time.wallTime());
        } catch (SQLException failure) {
            throw failures.openFailure(failure);
        }
    }

    private Connection openLockFile() throws SQLException {
        Path file = path.resolveSibling(path.getFileName() + ".migration.lock");
        PrivateFiles.createDatabase(file);
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(ATTEMPT_MILLIS);
        return options.connector.connect(config, "jdbc:sqlite:" + file.toUri());
    }

    /** Leaves one whole file with the mark of a clean stop, or at least moves the log into it when other processes have it. */
    private void leave(Statement control) throws SQLException {
        if (guard.isRefusing()) {
            return;
        }
        try {
            if ((wasClean || check.hasPassed()) && CleanStop.leave(path, control)) {
                return;
            }
        } catch (SQLException failure) {
            if (!failures.isBusy(failure)) {
                LOG.warn("{} was not marked as closed in order: {}", path, failure.getMessage());
            }
            control.execute("PRAGMA locking_mode = NORMAL");
        }
        try {
            // The driver's own busy timeout applies: another process that reads keeps what it reads in the log.
            control.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        } catch (SQLException failure) {
            LOG.warn("the log was not moved into the database file: {}", failure.getMessage());
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

    Checkpoints openCheckpoints() {
        try {
            Connection connection = connect(config(false));
            return closingOnFailure(List.of(connection), () -> new Checkpoints(connection, guard, failures));
        } catch (SQLException failure) {
            throw failures.openFailure(failure);
        }
    }

    /** The writer, which runs {@code committed} after each commit. */
    GroupCommit openWriter(Runnable committed) {
        try {
            Connection connection = connect(config(false));
            ChangeWatch changes = new ChangeWatch(connection, migrator::check, guard);
            return closingOnFailure(List.of(connection), () -> {
                try (Statement statement = connection.createStatement()) {
                    // Not in the driver's configuration: a host may bring a driver that does not know it.
                    statement.execute("PRAGMA wal_autocheckpoint = " + Checkpoints.LAST_RESORT_PAGES);
                }
                return new GroupCommit(
                        connection,
                        failures,
                        guard,
                        changes,
                        committed,
                        this::leave,
                        options.busyTimeout,
                        options.queueCapacity);
            });
        } catch (SQLException failure) {
            throw failures.openFailure(failure);
        }
    }

    SqliteReadPool openReaders(int count) {
        try {
            List<Connection> connections = openAll(count, () -> connect(config(true)));
            return closingOnFailure(
                    connections,
                    () -> new SqliteReadPool(connections, failures, guard, options.busyTimeout, options.queryLimit));
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
            config.setJournalSizeLimit(LOG_LIMIT_BYTES);
            // Each change runs under a savepoint, and SQLite copies every page that it touches for the case that it is
            // taken back. By default these copies go to a file, several writes for each task.
            config.setTempStore(SQLiteConfig.TempStore.MEMORY);
            // Negative: kibibytes instead of pages.
            config.setCacheSize(-WRITE_CACHE_KIB);
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
        // The driver sets the pragmas at once, which fails while another process has the file for itself.
        Connection connection = BusyRetry.retryWhileBusy(
                () -> options.connector.connect(config, "jdbc:sqlite:" + path.toUri()), options.busyTimeout, failures);
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
}

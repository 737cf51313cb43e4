package dev.architect.store.sqlite;

import dev.architect.error.StoreException;
import dev.architect.spi.TimeSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.sqlite.SQLiteConfig;

/** Options of a {@link SqliteStore}. Not safe for use by several threads. */
public final class SqliteStoreBuilder {

    private static final int MOST_READERS = 64;
    private static final int MOST_QUEUED = 1_000_000;
    private static final long LEAST_BYTES = 1 << 20;

    final Path file;
    TimeSource time = TimeSource.system();
    Synchronous synchronous = Synchronous.FULL;
    Duration busyTimeout = Duration.ofSeconds(30);
    int readers = 4;
    boolean besideOtherTables;
    int queueCapacity = 10_000;
    long maxBytes = Long.MAX_VALUE;
    Duration queryLimit = Duration.ofSeconds(30);
    Duration openCheckLimit = Duration.ofMillis(500);
    // For tests with connections that fail.
    Connector connector = SQLiteConfig::createConnection;

    /** Opens a connection to the database at a JDBC address. */
    @FunctionalInterface
    interface Connector {
        Connection connect(SQLiteConfig config, String address) throws SQLException;
    }

    SqliteStoreBuilder(Path file) {
        this.file = file;
    }

    /** The clock for timestamps and due times. Default: the system's. */
    public SqliteStoreBuilder time(TimeSource clock) {
        time = clock;
        return this;
    }

    /**
     * Takes a file that has tables of the host already, for tasks in the host's transactions ({@link SqliteStore#submit}). By default such
     * a file is refused, because it was probably named by mistake. The tables of both must have different names; when one is taken,
     * opening fails and creates none.
     */
    public SqliteStoreBuilder besideOtherTables() {
        besideOtherTables = true;
        return this;
    }

    /** How durable a commit is when the caller gets its result. Default: {@link Synchronous#FULL}. */
    public SqliteStoreBuilder synchronous(Synchronous mode) {
        synchronous = mode;
        return this;
    }

    /**
     * How long a change waits for another process or for a place in the queue, and a query for a connection, before it fails
     * with {@code BUSY}. Default: 30 seconds.
     */
    public SqliteStoreBuilder busyTimeout(Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("busyTimeout is " + duration + ", expected more than zero");
        }
        busyTimeout = duration;
        return this;
    }

    /**
     * How long opening waits for the check of a file that was not closed in order, or that was changed since it was closed, zero or
     * more. Damage that is found by then is reported by {@link #open}, and the file is left as it was. A check that takes longer goes on
     * while the store serves, and what it finds makes the store refuse every further call. Default: 500 milliseconds, enough for
     * about 100 MB.
     */
    public SqliteStoreBuilder openCheckLimit(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("openCheckLimit is " + duration + ", expected zero or more");
        }
        openCheckLimit = duration;
        return this;
    }

    /**
     * How long one query may take before it fails with {@code BUSY}, more than zero: reports over millions of calls must not keep
     * their connections for ever. Default: 30 seconds.
     */
    public SqliteStoreBuilder queryLimit(Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("queryLimit is " + duration + ", expected more than zero");
        }
        queryLimit = duration;
        return this;
    }

    /**
     * How many connections read lists of tasks and activities, 1 to 64. The task engine has two more, and reports on the ledger have
     * two, so that neither waits for the other. Default: 4.
     */
    public SqliteStoreBuilder readers(int connections) {
        readers = check("readers", connections, MOST_READERS);
        return this;
    }

    /** How many changes may wait for the writing thread, 1 to 1,000,000. Default: 10,000. */
    public SqliteStoreBuilder queueCapacity(int changes) {
        queueCapacity = check("queueCapacity", changes, MOST_QUEUED);
        return this;
    }

    /** The largest size of the file in bytes, at least 1 MiB; a change beyond it fails as on a full disk. Default: no limit. */
    public SqliteStoreBuilder maxBytes(long bytes) {
        if (bytes < LEAST_BYTES) {
            throw new IllegalArgumentException("maxBytes is " + bytes + ", expected at least " + LEAST_BYTES);
        }
        maxBytes = bytes;
        return this;
    }

    /**
     * Opens the store, and creates it when there is no such file.
     *
     * @throws StoreException when the file cannot be opened, is damaged, or is of a newer version; it is left untouched
     */
    public SqliteStore open() {
        return new SqliteStore(this);
    }

    private static int check(String field, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(field + " is " + value + ", expected 1.." + max);
        }
        return value;
    }
}

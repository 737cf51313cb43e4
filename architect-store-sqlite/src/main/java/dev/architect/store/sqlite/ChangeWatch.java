package dev.architect.store.sqlite;

import dev.architect.error.StoreException;
import dev.architect.spi.Store.Change;
import dev.architect.spi.Store.ChangeKind;
import dev.architect.spi.Store.ChangeListener;
import dev.architect.spi.TimeSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices commits of other connections to the same file: those of other processes, and of other stores in this one.
 *
 * <p>SQLite counts them for each connection ({@code PRAGMA data_version}) and leaves the connection's own out. So the connection
 * that writes is the one that looks, once in each of its transactions and every few milliseconds while it has nothing to write; a
 * look reads shared memory and no page of the file. When something was committed, two more reads follow: whether the schema is
 * still one that this program can use, and whether a task is ready.
 *
 * <p>The thread that has the connection looks; the writing thread alone delivers. Listeners come and go on any thread.
 */
final class ChangeWatch {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeWatch.class);

    /** Between two looks while something happened a moment ago. */
    private static final long BUSY_MILLIS = 2;

    /** The same of a store in which nothing has happened for a while. */
    private static final long QUIET_MILLIS = 8;

    private static final long QUIET_AFTER_NANOS = Duration.ofSeconds(5).toNanos();

    // The conditions are literals, as everywhere, so that the partial indexes of ready tasks answer it.
    private static final String ANY_READY = "SELECT 1 WHERE EXISTS (SELECT 1 FROM task WHERE state = 0 AND crashes < 2)"
            + " OR EXISTS (SELECT 1 FROM task WHERE state = 0 AND crashes >= 2)";

    /** Fails when this program can no longer use the schema. */
    @FunctionalInterface
    interface SchemaCheck {
        void run(Connection connection) throws SQLException;
    }

    private final Connection connection;
    private final SchemaCheck schemaCheck;
    private final StoreGuard guard;
    private final TimeSource time = TimeSource.system();
    private final List<ChangeListener> listeners = new CopyOnWriteArrayList<>();
    // What follows belongs to the thread that has the connection.
    private final Map<String, PreparedStatement> prepared = new HashMap<>();
    private int dataVersion;
    private int schemaVersion;
    private boolean hasLooked;
    private boolean hasNews;
    private volatile long lastActivity = time.nanoTime();

    ChangeWatch(Connection connection, SchemaCheck schemaCheck, StoreGuard guard) {
        this.connection = connection;
        this.schemaCheck = schemaCheck;
        this.guard = guard;
    }

    void add(ChangeListener listener) {
        listeners.add(listener);
    }

    void remove(ChangeListener listener) {
        listeners.remove(listener);
    }

    boolean hasListeners() {
        return !listeners.isEmpty();
    }

    /** Whether something was seen that no listener was told of. */
    boolean hasNews() {
        return hasNews;
    }

    /** How long the writing thread may wait for a change of its own before the next look. */
    long pauseMillis() {
        return time.nanoTime() - lastActivity < QUIET_AFTER_NANOS ? BUSY_MILLIS : QUIET_MILLIS;
    }

    /** A thing was changed by this store: more may follow, here and elsewhere. */
    void touch() {
        lastActivity = time.nanoTime();
    }

    /**
     * Looks for commits of others; listeners are told by {@link #deliver}.
     *
     * @throws StoreException when one of them has made the schema one that this program cannot use; the store refuses every call
     *     from then on
     */
    void look() throws SQLException {
        int seen = number("PRAGMA data_version");
        if (hasLooked && seen == dataVersion) {
            return;
        }
        checkSchema();
        // The first look is only a measure: what was there before is no news.
        hasNews |= hasLooked;
        hasLooked = true;
        dataVersion = seen;
        lastActivity = time.nanoTime();
    }

    /** As {@link #look}, between transactions; a failure is left to the next transaction, which has a caller. */
    void lookWhileIdle() {
        if (guard.isRefusing()) {
            return;
        }
        try {
            look();
        } catch (SQLException | StoreException failure) {
            LOG.debug("other processes' changes cannot be seen: {}", failure.getMessage());
        }
        deliver();
    }

    private void checkSchema() throws SQLException {
        int seen = number("PRAGMA schema_version");
        if (hasLooked && seen == schemaVersion) {
            return;
        }
        try {
            schemaCheck.run(connection);
        } catch (StoreException unusable) {
            guard.refuse(unusable);
            throw unusable;
        }
        schemaVersion = seen;
    }

    /** Tells the listeners of what was seen since the last delivery. Outside a transaction. */
    void deliver() {
        if (!hasNews) {
            return;
        }
        hasNews = false;
        Set<ChangeKind> kinds = EnumSet.allOf(ChangeKind.class);
        // Each process would beat after each beat of another one; they look at their orders once a second anyway.
        kinds.remove(ChangeKind.NODE);
        if (!isAnyReady()) {
            kinds.remove(ChangeKind.TASK_READY);
        }
        Change change = new Change(kinds);
        for (ChangeListener listener : listeners) {
            try {
                listener.onChange(change);
            } catch (Throwable failure) {
                // The thread must live on, whatever code it was given.
                LOG.warn("a listener of changes failed", failure);
            }
        }
    }

    /** Without it, each commit of a busy process would make the others begin a write transaction to claim nothing. */
    private boolean isAnyReady() {
        try {
            return number(ANY_READY) > 0;
        } catch (SQLException unknown) {
            return true;
        }
    }

    private int number(String sql) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        try (ResultSet row = statement.executeQuery()) {
            return row.next() ? row.getInt(1) : 0;
        } catch (SQLException failure) {
            // The driver closes a statement that has failed.
            prepared.remove(sql);
            statement.close();
            throw failure;
        }
    }
}

package dev.architect.store.postgres.connection;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which primaries this process has used, so that it never goes back to one that another has taken the place of, and notices when what it had
 * committed is gone.
 *
 * <p>Each new connection is looked at before its first use. A server on a lower timeline than was seen, one of another system, a standby, and
 * data of a lower generation are refused. A server on a higher timeline has become the primary: before anything else is done there, the data
 * are told, and it is judged whether commits were lost on the way.
 *
 * <p>Safe for use by several threads.
 */
public final class PrimaryHistory {

    private static final Logger LOG = LoggerFactory.getLogger(PrimaryHistory.class);

    /** A server that says nothing for so long is none to wait for. */
    private static final Duration SILENCE = Duration.ofSeconds(3);

    private final String subject;
    // The driver's own connections, which pools keep, with the timeline that each was found on.
    private final Map<PGConnection, Integer> checked = Collections.synchronizedMap(new WeakHashMap<>());
    // Written under the lock of this object.
    private volatile ServerMark seen = ServerMark.UNKNOWN;
    private volatile int leastTimeline;
    private final AtomicLong losses = new AtomicLong();
    private volatile @Nullable Data data;
    private long generation;
    private long position;
    private String lastRefusal = "";

    /** What the store keeps in the database about its servers. Called under the lock of the history, in a transaction. */
    public interface Data {

        /**
         * Makes sure that the data know the server, and returns their generation.
         *
         * @throws StaleServerException when they come from a server that has taken the place of this one
         */
        long settle(Connection connection, ServerMark server) throws SQLException;

        /** What this process had committed, as far as it remembers, and is not there; empty when nothing is missing. */
        Optional<String> missing(Connection connection) throws SQLException;

        /**
         * Another server has become the primary, or earlier data have come back; what memory holds of the data is no longer certain.
         *
         * @param isLossy whether commits of this process are gone
         */
        void changed(Connection connection, boolean isLossy) throws SQLException;

        /** Tells people. Must neither block nor fail. */
        void report(boolean isLossy, String text);
    }

    /** Creates the history of the database that messages call {@code subject}. */
    public PrimaryHistory(String subject) {
        this.subject = subject;
    }

    /** What messages call the database. */
    public String subject() {
        return subject;
    }

    /** The server that was used last. */
    public ServerMark seen() {
        return seen;
    }

    /** Whether servers state their place in the log. */
    public boolean hasPositions() {
        return seen.timeline() > 0;
    }

    /** How often commits were found to be lost. */
    public long losses() {
        return losses.get();
    }

    /** From now on, the data take part; {@code connection} is in no transaction. */
    public void begin(Connection connection, Data known) throws SQLException {
        synchronized (this) {
            data = known;
            check(connection);
        }
    }

    /** Looks at a connection that is about to be used, unless it was looked at before. */
    void verify(Connection connection) throws SQLException {
        PGConnection driver;
        try {
            driver = connection.unwrap(PGConnection.class);
        } catch (SQLException notOurs) {
            // A host may have put its own class in between; beats look as well.
            LOG.debug("a connection is none of the driver: {}", notOurs.getMessage());
            return;
        }
        Integer timeline = checked.get(driver);
        if (timeline == null) {
            check(connection);
        } else if (timeline < leastTimeline) {
            throw refused(stale(timeline));
        }
    }

    /** Looks at the server behind {@code connection}, which is in no transaction. */
    public void check(Connection connection) throws SQLException {
        int before = connection.getNetworkTimeout();
        connection.setNetworkTimeout(Runnable::run, Math.toIntExact(SILENCE.toMillis()));
        // Before the server is read: what a beat confirms meanwhile may be later than what is read.
        long reached = reached();
        ServerMark now = ServerMark.read(connection);
        synchronized (this) {
            requireUsable(now);
            Data known = data;
            if (known != null) {
                inTransaction(connection, () -> settle(connection, known, now, reached));
            }
            use(now);
        }
        // Not after a failure, after which the connection is not used.
        connection.setNetworkTimeout(Runnable::run, before);
        if (connection.isWrapperFor(PGConnection.class)) {
            checked.put(connection.unwrap(PGConnection.class), now.timeline());
        }
    }

    private synchronized long reached() {
        return position;
    }

    /** Refuses a server that must not be used. */
    void requireUsable(ServerMark server) throws StaleServerException {
        if (server.isStandby()) {
            throw refused("it is a standby, which cannot be written, expected the primary");
        }
        if (!server.isKinOf(seen)) {
            throw refused("it is the server of another database system (" + server.system() + "), expected the one that"
                    + " this process has used (" + seen.system() + ")");
        }
        if (server.timeline() > 0 && server.timeline() < leastTimeline) {
            throw refused(stale(server.timeline()));
        }
    }

    private String stale(int timeline) {
        return "it is a stale primary: its timeline is " + timeline
                + ", and another server has taken its place on timeline " + leastTimeline;
    }

    private StaleServerException refused(String why) {
        boolean isNew;
        synchronized (this) {
            isNew = !why.equals(lastRefusal);
            lastRefusal = why;
        }
        if (isNew && !seen.equals(ServerMark.UNKNOWN)) {
            LOG.error("{}: a server is refused: {}", subject, why);
        }
        return new StaleServerException("a server is refused: " + why);
    }

    private void use(ServerMark now) {
        seen = now;
        leastTimeline = Math.max(leastTimeline, now.timeline());
        lastRefusal = "";
    }

    /** A process has seen a primary on this timeline: older ones are refused from now on. Returns whether that is news. */
    synchronized boolean requireTimeline(int timeline) {
        if (timeline <= leastTimeline) {
            return false;
        }
        leastTimeline = timeline;
        return true;
    }

    /** Whether a connection leads to a server that is refused by now. */
    boolean isStale(Connection connection) {
        try {
            Integer timeline = checked.get(connection.unwrap(PGConnection.class));
            return timeline != null && timeline < leastTimeline;
        } catch (SQLException notOurs) {
            return false;
        }
    }

    private interface Body {
        void run() throws SQLException;
    }

    /** On a connection whose settings are the host's. */
    private static void inTransaction(Connection connection, Body body) throws SQLException {
        boolean wasAutoCommit = connection.getAutoCommit();
        if (!wasAutoCommit) {
            connection.setAutoCommit(true);
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
            try {
                body.run();
                statement.execute("COMMIT");
            } catch (SQLException | RuntimeException failure) {
                try {
                    statement.execute("ROLLBACK");
                } catch (SQLException another) {
                    failure.addSuppressed(another);
                }
                throw failure;
            }
        }
        if (!wasAutoCommit) {
            connection.setAutoCommit(false);
        }
    }

    /** Compares a server with what was seen before; {@code reached} is the position that was confirmed before it was read. */
    private void settle(Connection connection, Data known, ServerMark now, long reached) throws SQLException {
        long current = known.settle(connection, now);
        if (current < generation) {
            throw refused("it has generation " + current + " of the data, and this process has used generation "
                    + generation);
        }
        boolean isOtherServer = seen.timeline() > 0 && now.timeline() > seen.timeline();
        boolean isEarlier = now.timeline() == seen.timeline() && now.end() > 0 && now.end() < reached;
        boolean isRestored = !isOtherServer && (isEarlier || (generation > 0 && current > generation));
        if (isOtherServer || isRestored) {
            change(connection, known, now, current, isRestored);
        }
        generation = current;
    }

    private void change(Connection connection, Data known, ServerMark now, long current, boolean isRestored)
            throws SQLException {
        Optional<String> missing = known.missing(connection);
        boolean isBehind = now.timeline() == seen.timeline() + 1 && now.forkedAt() > 0 && position > now.forkedAt();
        boolean isLossy = isRestored || isBehind || missing.isPresent();
        known.changed(connection, isLossy);
        String what = isRestored
                ? "the data have been set back"
                : "another server is the primary, timeline " + now.timeline() + " after " + seen.timeline();
        String text = what + ", generation " + current + "; "
                + (isLossy
                        ? "commits of this process are LOST"
                                + missing.map(found -> ": " + found)
                                        .orElse(isBehind ? ": its log ends before the last beat of this process" : "")
                        : "nothing that this process remembers is missing");
        if (isLossy) {
            lost(known, text);
        } else {
            LOG.warn("{}: {}", subject, text);
            known.report(false, text);
        }
        // Positions of another timeline say nothing about this one.
        position = 0;
    }

    private void lost(Data known, String text) {
        losses.incrementAndGet();
        LOG.error("{}: {}; the node gives up what it runs and joins again", subject, text);
        known.report(true, text);
    }

    /**
     * What a beat has found in its transaction, before that commits.
     *
     * @param timeline 0 when the server states none
     * @throws StaleServerException when the beat must not be kept
     */
    public void beaten(Connection connection, int timeline, long dataGeneration) throws SQLException {
        Data known = data;
        if (known == null) {
            return;
        }
        synchronized (this) {
            if (timeline > 0 && timeline < leastTimeline) {
                throw refused(stale(timeline));
            }
            boolean isOther = timeline > seen.timeline() && seen.timeline() > 0;
            if (isOther || dataGeneration != generation) {
                // A pooler may lead an old connection to a new server.
                ServerMark now = new ServerMark(false, seen.system(), timeline, 0, 0, 0);
                settle(connection, known, now, position);
                use(now);
            }
        }
    }

    /** A beat was kept: the log had reached {@code end} before its commit. */
    public synchronized void confirmed(int timeline, long end) {
        if (timeline == seen.timeline() && end > position) {
            position = end;
        }
    }

    /** The data themselves show that commits are gone. */
    public synchronized void lost(String text) {
        Data known = data;
        if (known != null) {
            lost(known, text);
        }
    }
}

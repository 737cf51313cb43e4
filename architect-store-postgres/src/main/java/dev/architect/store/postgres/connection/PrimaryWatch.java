package dev.architect.store.postgres.connection;

import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.thread.ThreadRunner;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the servers of a URL that are not used, by one connection to each: a primary that is cut off from its standbys goes on, and does not
 * know that one of them has taken its place. As soon as that one is seen, connections to the old one are given up.
 *
 * <p>A thread of its own looks.
 */
public final class PrimaryWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PrimaryWatch.class);

    private static final Duration PAUSE = Duration.ofSeconds(2);

    private static final Duration SILENCE = Duration.ofSeconds(2);

    /** A server that cannot be reached is tried again after so many looks. */
    private static final int RETRY_AFTER = 3;

    private final WakeUp wakeUp = TimeSource.system().newWakeUp();
    private final PrimarySource source;
    private final PrimaryHistory history;
    private final PostgresConnections connections;
    private final Map<Integer, Connection> kept = new HashMap<>();
    private final Map<Integer, Integer> waits = new HashMap<>();
    private final Set<Integer> reported = new HashSet<>();
    private volatile boolean closed;

    public PrimaryWatch(PrimarySource source, PrimaryHistory history, PostgresConnections connections) {
        this.source = source;
        this.history = history;
        this.connections = connections;
    }

    public void start(ThreadRunner runner) {
        runner.startPlatform("primary", this::loop);
    }

    private void loop() {
        try {
            while (!closed) {
                wakeUp.await(PAUSE);
                for (int server = 0; server < source.count() && !closed; server++) {
                    look(server);
                }
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } finally {
            kept.values().forEach(PrimaryWatch::closeQuietly);
        }
    }

    private void look(int server) {
        if (source.isPreferred(server)) {
            forget(server);
            return;
        }
        int wait = waits.getOrDefault(server, 0);
        if (wait > 0) {
            waits.put(server, wait - 1);
            return;
        }
        try {
            judge(server, ServerMark.read(connection(server)));
        } catch (SQLException | RuntimeException failure) {
            LOG.debug("{} cannot be looked at: {}", source.name(server), failure.getMessage());
            forget(server);
            waits.put(server, RETRY_AFTER);
        }
    }

    private Connection connection(int server) throws SQLException {
        Connection before = kept.get(server);
        if (before != null) {
            return before;
        }
        Connection made = source.connect(server);
        kept.put(server, made);
        made.setNetworkTimeout(Runnable::run, Math.toIntExact(SILENCE.toMillis()));
        return made;
    }

    private void judge(int server, ServerMark mark) {
        ServerMark used = history.seen();
        if (mark.isStandby()) {
            reported.remove(server);
            return;
        }
        if (!mark.isKinOf(used)) {
            if (reported.add(server)) {
                LOG.error("{} is the primary of another database system and is not used", source.name(server));
            }
        } else if (mark.timeline() > used.timeline() && used.timeline() > 0) {
            if (history.requireTimeline(mark.timeline())) {
                LOG.error(
                        "{} has become the primary on timeline {}; the server that was used until now is stale",
                        source.name(server),
                        mark.timeline());
            }
            source.prefer(server);
            connections.abortStale();
        } else if (mark.timeline() < used.timeline() && reported.add(server)) {
            LOG.error(
                    "{} is a stale primary on timeline {} and is not used; stop it, or make it a standby",
                    source.name(server),
                    mark.timeline());
        }
    }

    private void forget(int server) {
        Connection connection = kept.remove(server);
        if (connection != null) {
            closeQuietly(connection);
        }
    }

    private static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException gone) {
            LOG.debug("a connection was gone already: {}", gone.getMessage());
        }
    }

    /** Ends the thread soon. */
    @Override
    public void close() {
        closed = true;
        wakeUp.signal();
    }
}

package dev.architect.store.postgres.connection;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.LoggerFactory;

/**
 * Connections to whichever of several servers is the primary. Of two that both take themselves for it, as after a failover when the old one
 * comes back, the one on the higher timeline is. Safe for use by several threads.
 */
public final class PrimarySource implements DataSource {

    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(PrimarySource.class);

    private final List<PGSimpleDataSource> servers;
    private final PrimaryHistory history;
    // The one that was the primary when it was looked for, or -1.
    private volatile int preferred = -1;

    private record Candidate(Connection connection, ServerMark mark, int server) {}

    /** Creates a source over one source for each server. */
    PrimarySource(List<PGSimpleDataSource> servers, PrimaryHistory history) {
        this.servers = List.copyOf(servers);
        this.history = history;
    }

    @Override
    public Connection getConnection() throws SQLException {
        int likely = preferred;
        List<String> refusals = new ArrayList<>();
        if (likely >= 0) {
            Candidate found = candidate(likely, refusals);
            if (found != null) {
                return found.connection();
            }
        }
        return best(likely, refusals);
    }

    /** Looks at all servers: the first that is found may have been the primary once. */
    private Connection best(int likely, List<String> refusals) throws SQLException {
        Candidate best = null;
        for (int i = 0; i < servers.size(); i++) {
            Candidate next = i == likely ? null : candidate(i, refusals);
            if (best == null || next == null) {
                best = best == null ? next : best;
            } else if (!next.mark().isKinOf(best.mark()) || next.mark().isTwinOf(best.mark())) {
                close(next.connection());
                close(best.connection());
                throw new StaleServerException("two servers of the URL are primaries of their own: "
                        + name(best.server()) + " and " + name(i) + ", expected one primary and its standbys");
            } else if (next.mark().timeline() == best.mark().timeline()) {
                // Another name of the same server.
                close(next.connection());
            } else {
                boolean isNewer = next.mark().timeline() > best.mark().timeline();
                Candidate older = isNewer ? best : next;
                best = isNewer ? next : best;
                LOG.error(
                        "{} is a stale primary on timeline {} and is not used: {} is the primary on timeline {}",
                        name(older.server()),
                        older.mark().timeline(),
                        name(best.server()),
                        best.mark().timeline());
                close(older.connection());
            }
        }
        if (best == null) {
            throw new StaleServerException("none of the servers can be written: " + String.join("; ", refusals));
        }
        preferred = best.server();
        return best.connection();
    }

    private @Nullable Candidate candidate(int server, List<String> refusals) {
        Connection connection;
        try {
            connection = servers.get(server).getConnection();
        } catch (SQLException failure) {
            refusals.add(name(server) + " cannot be reached (" + PostgresErrorReader.firstLine(failure) + ")");
            return null;
        }
        try {
            ServerMark mark = ServerMark.read(connection);
            history.requireUsable(mark);
            return new Candidate(connection, mark, server);
        } catch (SQLException | RuntimeException failure) {
            close(connection);
            refusals.add(name(server) + ": " + PostgresErrorReader.firstLine(failure));
            return null;
        }
    }

    /** How many servers there are. */
    int count() {
        return servers.size();
    }

    /** Whether new connections lead to this server first. */
    boolean isPreferred(int server) {
        return preferred == server;
    }

    /** Makes new connections lead to this server first. */
    void prefer(int server) {
        preferred = server;
    }

    /** A new connection to one of the servers, whatever it is. */
    Connection connect(int server) throws SQLException {
        return servers.get(server).getConnection();
    }

    /** Host and port. */
    String name(int server) {
        PGSimpleDataSource source = servers.get(server);
        return source.getServerNames()[0] + ":" + source.getPortNumbers()[0];
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException gone) {
            LOG.debug("a connection was gone already: {}", gone.getMessage());
        }
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("the user is that of the source");
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {
        // The driver logs by itself.
    }

    @Override
    public void setLoginTimeout(int seconds) {
        for (PGSimpleDataSource server : servers) {
            server.setLoginTimeout(seconds);
        }
    }

    @Override
    public int getLoginTimeout() {
        return servers.get(0).getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getLogger("org.postgresql");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (isWrapperFor(type)) {
            return type.cast(this);
        }
        throw new SQLException("this source is no " + type.getName());
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this);
    }
}

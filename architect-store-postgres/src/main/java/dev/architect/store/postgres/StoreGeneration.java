package dev.architect.store.postgres;

import dev.architect.event.ActivityEntry;
import dev.architect.spi.ActivityStore;
import dev.architect.spi.TimeSource;
import dev.architect.store.jdbi.task.JdbiTaskStore;
import dev.architect.store.postgres.connection.PostgresErrorReader;
import dev.architect.store.postgres.connection.PrimaryHistory;
import dev.architect.store.postgres.connection.ServerMark;
import dev.architect.store.postgres.connection.SessionSettings;
import dev.architect.store.postgres.connection.StaleServerException;
import dev.architect.thread.ThreadRunner;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The generation of the data: it rises with each server that takes the place of another, and with each restore. The row that has it also names
 * the server that wrote last.
 *
 * <p>What the previous server may have given out and lost, is not given out again: the first process that connects to a new server moves all numbers on,
 * in the same transaction in which it raises the generation.
 */
final class StoreGeneration implements PrimaryHistory.Data {

    private static final Logger LOG = LoggerFactory.getLogger(StoreGeneration.class);

    private static final String FIND = "SELECT generation, system_id, timeline, id FROM store_identity";

    private static final String NAME_SERVER =
            "UPDATE store_identity SET system_id = ?, timeline = ? WHERE system_id = 0 RETURNING generation";

    /** Of those that come at once, one finds the row as it was; the others wait for its commit, and find nothing to do. */
    private static final String RAISE =
            "UPDATE store_identity SET generation = generation + 1, system_id = ?, timeline = ?"
                    + " WHERE system_id <> ? OR timeline < ?";

    // The numbers of tasks come in blocks of 1,024: so 2^24 tasks, and of the rest more than can be given out in the
    // seconds that a standby may be behind.
    private static final List<String> MOVE_ON = List.of(
            "SELECT count(*) FROM (SELECT nextval('task_number') FROM generate_series(1, 16384)) AS n",
            "SELECT count(*) FROM (SELECT nextval('incarnation_number') FROM generate_series(1, 1024)) AS n",
            "SELECT count(*) FROM (SELECT nextval('lane_number') FROM generate_series(1, 1024)) AS n",
            "SELECT count(*) FROM (SELECT nextval('project_number') FROM generate_series(1, 1024)) AS n",
            "SELECT count(*) FROM (SELECT nextval('quota_holder_number') FROM generate_series(1, 1024)) AS n",
            // Roles are taken anew; a version that was lost is not given to another content.
            "UPDATE node_role SET epoch = epoch + 1024, holder = 0",
            "UPDATE shared_document SET version = version + 1024",
            // Numbers of the log of changes may be given again to other changes: its followers read anew.
            "UPDATE change_era SET era = era + 1 WHERE id = 1");

    private final SessionSettings settings;
    private final JdbiTaskStore tasks;
    private final RecentTasks recent;
    private final ActivityStore activity;
    private final TimeSource clock;
    private final ThreadRunner runner;
    // Guarded by the lock of the history, as every call is.
    private String id = "";

    StoreGeneration(
            SessionSettings settings,
            JdbiTaskStore tasks,
            RecentTasks recent,
            ActivityStore activity,
            TimeSource clock,
            ThreadRunner runner) {
        this.settings = settings;
        this.tasks = tasks;
        this.recent = recent;
        this.activity = activity;
        this.clock = clock;
        this.runner = runner;
    }

    private record Row(long generation, long system, int timeline, String id) {}

    private static Row find(Connection connection) throws SQLException {
        try (Statement find = connection.createStatement();
                ResultSet row = find.executeQuery(FIND)) {
            if (!row.next()) {
                throw new SQLException("store_identity has no row, expected one");
            }
            return new Row(row.getLong(1), row.getLong(2), row.getInt(3), row.getString(4));
        }
    }

    @Override
    public long settle(Connection connection, ServerMark server) throws SQLException {
        SessionSettings.setSearchPath(connection, settings.searchPath(), true);
        Row row = find(connection);
        if (id.isEmpty()) {
            id = row.id();
        } else if (!id.equals(row.id())) {
            throw new StaleServerException("a server is refused: it has another store (" + row.id()
                    + "), expected the one that this process has used (" + id + ")");
        }
        if (server.timeline() == 0 || (row.system() == server.system() && row.timeline() == server.timeline())) {
            return row.generation();
        }
        if (row.system() == 0) {
            try (PreparedStatement name = connection.prepareStatement(NAME_SERVER)) {
                name.setLong(1, server.system());
                name.setInt(2, server.timeline());
                name.execute();
            }
            return find(connection).generation();
        }
        if (row.system() == server.system() && row.timeline() > server.timeline()) {
            throw new StaleServerException("a server is refused: its timeline is " + server.timeline()
                    + ", and the data were written on timeline " + row.timeline()
                    + ": it is a stale primary, or the steps after a restore are missing");
        }
        raise(connection, server);
        return find(connection).generation();
    }

    private static void raise(Connection connection, ServerMark server) throws SQLException {
        try (PreparedStatement raise = connection.prepareStatement(RAISE)) {
            raise.setLong(1, server.system());
            raise.setInt(2, server.timeline());
            raise.setLong(3, server.system());
            raise.setInt(4, server.timeline());
            if (raise.executeUpdate() == 0) {
                return;
            }
        }
        try (Statement each = connection.createStatement()) {
            for (String sql : MOVE_ON) {
                each.execute(sql);
            }
        }
    }

    @Override
    public Optional<String> missing(Connection connection) throws SQLException {
        return recent.missing(connection);
    }

    @Override
    public void changed(Connection connection, boolean isLossy) throws SQLException {
        tasks.forgetNumbers(connection, isLossy);
        if (isLossy) {
            recent.clear();
        }
    }

    /** By a thread of its own: the caller holds a lock that writers may wait for. */
    @Override
    public void report(boolean isLossy, String text) {
        try {
            runner.startPlatform("report", () -> append(isLossy ? "commits-lost" : "primary-changed", text));
        } catch (RuntimeException closing) {
            LOG.debug("not noted in the activity log: {}", closing.getMessage());
        }
    }

    private void append(String kind, String text) {
        try {
            activity.append(List.of(new ActivityEntry(
                    0,
                    clock.wallTime(),
                    kind,
                    Optional.empty(),
                    Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".")));
        } catch (RuntimeException failure) {
            LOG.warn("not noted in the activity log: {}", PostgresErrorReader.firstLine(failure));
        }
    }
}

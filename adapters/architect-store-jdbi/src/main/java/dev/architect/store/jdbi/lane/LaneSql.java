package dev.architect.store.jdbi.lane;

import dev.architect.lane.LaneScope;
import dev.architect.lane.LaneSettings;
import dev.architect.lane.StartRate;
import dev.architect.store.jdbi.Columns;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.SqlDialect;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Optional;

/** The statements on settings, and their rows. */
final class LaneSql {

    static final String VERSION = "SELECT coalesce((SELECT version FROM lane_version WHERE id = 1), 0)";

    /** One change of settings waits for another. */
    static final String RAISE_VERSION = "INSERT INTO lane_version (id, version) VALUES (1, 1)"
            + " ON CONFLICT (id) DO UPDATE SET version = lane_version.version + 1";

    static final String ALL =
            "SELECT queue, tenant, weight, max_running, starts, period, max_waiting, paused FROM lane_setting"
                    + " ORDER BY queue, tenant";

    static final String COUNT = "SELECT count(*) FROM lane_setting WHERE NOT (queue = ? AND tenant = ?)";

    static final String SAVE =
            "INSERT INTO lane_setting (queue, tenant, weight, max_running, starts, period, max_waiting, paused, next_start)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (queue, tenant) DO UPDATE SET weight = excluded.weight,"
                    + " max_running = excluded.max_running, starts = excluded.starts, period = excluded.period,"
                    + " max_waiting = excluded.max_waiting, paused = excluded.paused";

    static final String REMOVE = "DELETE FROM lane_setting WHERE queue = ? AND tenant = ?";

    static final String STARTED = "UPDATE lane_setting SET next_start = ? WHERE queue = ? AND tenant = ?";

    /** The flags of the column {@code paused}. Programs that know the first one only take a drained queue for a paused one. */
    private static final int PAUSED = 1;

    private static final int DRAINING = 2;

    private LaneSql() {}

    static String lock(SqlDialect dialect) {
        return one() + dialect.forUpdate();
    }

    static String one() {
        return "SELECT queue, tenant, weight, max_running, starts, period, max_waiting, paused, next_start"
                + " FROM lane_setting WHERE queue = ? AND tenant = ?";
    }

    static String running(SqlDialect dialect) {
        return "SELECT l.type, c.n FROM " + dialect.counts()
                + " AS c JOIN lane l ON l.id = c.lane WHERE c.state = 1 AND c.n > 0";
    }

    static String waiting(SqlDialect dialect) {
        return "SELECT l.type, sum(c.n) AS n FROM " + dialect.counts()
                + " AS c JOIN lane l ON l.id = c.lane WHERE c.state IN (0, 2, 3, 4, 5) AND c.n > 0 GROUP BY l.type";
    }

    static String unfinished(SqlDialect dialect) {
        return "SELECT l.type, c.state, c.n FROM " + dialect.counts()
                + " AS c JOIN lane l ON l.id = c.lane WHERE c.state >= 0 AND c.state < 10 AND c.n > 0";
    }

    static String tenant(LaneScope scope) {
        return scope.tenant().orElse("");
    }

    static void bind(PreparedStatement save, LaneSettings settings) throws SQLException {
        save.setString(1, settings.scope().queue());
        save.setString(2, tenant(settings.scope()));
        save.setInt(3, settings.weight());
        setInt(save, 4, settings.maxRunning());
        setInt(save, 5, settings.rate().map(StartRate::starts));
        Columns.setLong(
                save, 6, settings.rate().map(rate -> Micros.of(rate.period())).orElse(null));
        setInt(save, 7, settings.maxWaiting());
        save.setInt(8, (settings.isPaused() ? PAUSED : 0) | (settings.isDraining() ? DRAINING : 0));
    }

    private static void setInt(PreparedStatement save, int parameter, Optional<Integer> value) throws SQLException {
        save.setObject(parameter, value.orElse(null), Types.INTEGER);
    }

    static LaneSettings read(ResultSet row) throws SQLException {
        String tenant = row.getString("tenant");
        Optional<Integer> starts = intOf(row, "starts");
        Long period = Columns.longOrNull(row, "period");
        return new LaneSettings(
                new LaneScope(row.getString("queue"), tenant.isEmpty() ? Optional.empty() : Optional.of(tenant)),
                row.getInt("weight"),
                intOf(row, "max_running"),
                starts.isPresent() && period != null
                        ? Optional.of(new StartRate(starts.get(), Micros.duration(period)))
                        : Optional.empty(),
                intOf(row, "max_waiting"),
                (row.getInt("paused") & PAUSED) != 0,
                (row.getInt("paused") & DRAINING) != 0);
    }

    private static Optional<Integer> intOf(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(Columns.longOrNull(row, column)).map(Long::intValue);
    }
}

package dev.architect.store.jdbi.lane;

import dev.architect.lane.Lane;
import dev.architect.lane.Lane.TypeInLane;
import dev.architect.lane.LaneAdmission;
import dev.architect.lane.LaneFullException;
import dev.architect.lane.LaneRules;
import dev.architect.lane.LaneScope;
import dev.architect.lane.LaneSettings;
import dev.architect.lane.LaneShare;
import dev.architect.lane.StartRate;
import dev.architect.spi.TimeSource;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.ReadConnections;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.task.TaskRequest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.ConnectionException;

/**
 * What the settings allow. All of them are remembered with their version, and a claim states the version: one that keeps to an old one claims
 * nothing. Rows are locked, in the order of their scopes, only where something has to be counted. Safe for use by several threads.
 */
public final class LaneGate {

    /** How old the settings may be by which a submission takes a queue for one without a bound. */
    private static final long FRESH = Duration.ofSeconds(1).toNanos();

    private final ReadConnections reads;
    private final TimeSource time = TimeSource.system();
    private volatile Remembered remembered = new Remembered(LaneRules.NONE, 0, time.nanoTime() - FRESH);

    /**
     * Settings as they were read.
     *
     * @param version 0 before the first read
     */
    private record Remembered(LaneRules rules, long version, long readAt) {}

    /**
     * What a claim may take.
     *
     * @param version of the settings that this keeps to
     * @param lanes how many tasks of each lane
     * @param limited the settings with a limit that apply to any of the lanes, whose rows are locked
     */
    public record Admission(long version, Map<Lane, Integer> lanes, List<LaneSettings> limited) {}

    /** Creates a gate that has read nothing yet. */
    public LaneGate(ReadConnections reads) {
        this.reads = reads;
    }

    private List<LaneSettings> read(Connection connection) throws SQLException {
        long readAt = time.nanoTime();
        // First: settings that are newer than their version are read again.
        long version = version(connection);
        List<LaneSettings> settings = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(LaneSql.ALL);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                settings.add(LaneSql.read(row));
            }
        }
        remembered = new Remembered(new LaneRules(settings), version, readAt);
        return settings;
    }

    /** Reads the settings, and remembers them. */
    public List<LaneSettings> reload() {
        return reads.read(handle -> {
            try {
                return read(handle.getConnection());
            } catch (SQLException failure) {
                // As Jdbi does, so that the caller finds one kind of failure.
                throw new ConnectionException(failure);
            }
        });
    }

    private static long version(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(LaneSql.VERSION);
                ResultSet row = select.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /** Reads the settings again when they have another version, in a transaction of the caller. */
    public void refresh(WriteConnection sql) throws SQLException {
        if (version(sql) != remembered.version()) {
            read(sql.connection());
        }
    }

    /** Whether the settings are still those of an admission, in its transaction. */
    public boolean isCurrent(WriteConnection sql, Admission admission) throws SQLException {
        return version(sql) == admission.version();
    }

    private static long version(WriteConnection sql) throws SQLException {
        try (ResultSet row = sql.prepare(LaneSql.VERSION).executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /** Returns what a claim may take, in its transaction. */
    public Admission admit(WriteConnection sql, List<LaneShare> shares, Instant now) throws SQLException {
        Remembered known = remembered;
        if (known.rules().isEmpty()) {
            return new Admission(known.version(), LaneAdmission.admit(shares, Map.of()), List.of());
        }
        LaneRules rules = known.rules();
        List<LaneShare> going =
                shares.stream().filter(share -> !rules.isPaused(share.lane())).toList();
        TreeSet<LaneScope> scopes = new TreeSet<>();
        going.stream()
                .flatMap(share -> rules.of(share.lane()).stream())
                .filter(LaneSettings::isLimited)
                .forEach(each -> scopes.add(each.scope()));
        if (scopes.isEmpty()) {
            return new Admission(known.version(), LaneAdmission.admit(going, Map.of()), List.of());
        }
        List<LaneSettings> limited = new ArrayList<>();
        Map<LaneScope, Integer> byRate = new HashMap<>();
        for (LaneScope scope : scopes) {
            lock(sql, scope, now, byRate).ifPresent(limited::add);
        }
        // In another statement than the locks: it must see what others have committed while these waited.
        Map<LaneScope, Long> running = new HashMap<>();
        if (limited.stream().anyMatch(each -> each.maxRunning().isPresent())) {
            count(
                    sql,
                    LaneSql.running(sql.dialect()),
                    (lane, tasks) -> limited.stream()
                            .map(LaneSettings::scope)
                            .filter(scope -> scope.has(lane))
                            .forEach(scope -> running.merge(scope, tasks, Long::sum)));
        }
        Map<LaneScope, Integer> left = new HashMap<>();
        for (LaneSettings each : limited) {
            long free = each.maxRunning().orElse(Integer.MAX_VALUE) - running.getOrDefault(each.scope(), 0L);
            int started = byRate.getOrDefault(each.scope(), Integer.MAX_VALUE);
            left.put(each.scope(), (int) Math.max(0, Math.min(free, started)));
        }
        return new Admission(known.version(), LaneAdmission.admit(going, left), limited);
    }

    /** Locks a row, and notes how many tasks may start by its rate if it has one. */
    private static Optional<LaneSettings> lock(
            WriteConnection sql, LaneScope scope, Instant now, Map<LaneScope, Integer> byRate) throws SQLException {
        PreparedStatement lock = sql.prepare(LaneSql.lock(sql.dialect()));
        lock.setString(1, scope.queue());
        lock.setString(2, LaneSql.tenant(scope));
        try (ResultSet row = lock.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            LaneSettings settings = LaneSql.read(row);
            long nextStart = row.getLong("next_start");
            settings.rate().ifPresent(rate -> byRate.put(scope, rate.allowed(nextStart, Micros.of(now))));
            return Optional.of(settings);
        }
    }

    /** Takes a number of tasks of a lane. */
    @FunctionalInterface
    private interface Counted {
        void count(Lane lane, long tasks);
    }

    private static void count(WriteConnection sql, String statement, Counted counted) throws SQLException {
        try (ResultSet row = sql.prepare(statement).executeQuery()) {
            while (row.next()) {
                counted.count(TypeInLane.parse(row.getString(1)).lane(), row.getLong(2));
            }
        }
    }

    /** Charges the rates for what was claimed, in the transaction of {@link #admit}. */
    public void started(WriteConnection sql, Admission admission, Collection<Lane> lanes, Instant now)
            throws SQLException {
        for (LaneSettings each : admission.limited()) {
            if (each.rate().isPresent()) {
                int started = (int) lanes.stream().filter(each.scope()::has).count();
                charge(sql, each.scope(), each.rate().get(), started, now);
            }
        }
    }

    private static void charge(WriteConnection sql, LaneScope scope, StartRate rate, int started, Instant now)
            throws SQLException {
        if (started == 0) {
            return;
        }
        PreparedStatement select = sql.prepare(LaneSql.one());
        select.setString(1, scope.queue());
        select.setString(2, LaneSql.tenant(scope));
        long nextStart;
        try (ResultSet row = select.executeQuery()) {
            nextStart = row.next() ? row.getLong("next_start") : 0;
        }
        PreparedStatement charge = sql.prepare(LaneSql.STARTED);
        charge.setLong(1, rate.after(nextStart, Micros.of(now), started));
        charge.setString(2, scope.queue());
        charge.setString(3, LaneSql.tenant(scope));
        charge.executeUpdate();
    }

    /** Before tasks are added: reads the settings again when they were read a while ago. */
    public void keepFresh() {
        if (time.nanoTime() - remembered.readAt() >= FRESH) {
            reload();
        }
    }

    /** Whether any queue or tenant has a bound. */
    public boolean hasBounds() {
        return remembered.rules().hasBounds();
    }

    /** Whether any of these tasks is for a queue or a tenant with a bound. */
    public boolean isBounded(Collection<TaskRequest> added) {
        return !boundedScopes(added).isEmpty();
    }

    private TreeMap<LaneScope, Integer> boundedScopes(Collection<TaskRequest> added) {
        TreeMap<LaneScope, Integer> scopes = new TreeMap<>();
        LaneRules rules = remembered.rules();
        if (rules.hasBounds()) {
            added.forEach(request -> rules.of(Lane.of(request)).stream()
                    .filter(LaneSettings::isBounded)
                    .forEach(each -> scopes.merge(each.scope(), 1, Integer::sum)));
        }
        return scopes;
    }

    /**
     * Fails when a queue or a tenant has no room for these tasks, in the transaction that adds them.
     *
     * @param locks whether others that add tasks there wait for the end of the transaction; if not, several may exceed the bound together
     * @throws LaneFullException when there is no room
     */
    public void requireRoom(WriteConnection sql, Collection<TaskRequest> added, boolean locks) throws SQLException {
        TreeMap<LaneScope, Integer> scopes = boundedScopes(added);
        if (scopes.isEmpty()) {
            return;
        }
        Map<LaneScope, Integer> bounds = new TreeMap<>();
        for (LaneScope scope : scopes.keySet()) {
            PreparedStatement select = sql.prepare(locks ? LaneSql.lock(sql.dialect()) : LaneSql.one());
            select.setString(1, scope.queue());
            select.setString(2, LaneSql.tenant(scope));
            try (ResultSet row = select.executeQuery()) {
                if (row.next()) {
                    LaneSettings settings = LaneSql.read(row);
                    if (settings.isDraining()) {
                        throw new LaneFullException(scope);
                    }
                    settings.maxWaiting().ifPresent(most -> bounds.put(scope, most));
                }
            }
        }
        Map<LaneScope, Long> waiting = new HashMap<>();
        count(
                sql,
                LaneSql.waiting(sql.dialect()),
                (lane, tasks) -> bounds.keySet().stream()
                        .filter(scope -> scope.has(lane))
                        .forEach(scope -> waiting.merge(scope, tasks, Long::sum)));
        bounds.forEach((scope, most) -> {
            long now = waiting.getOrDefault(scope, 0L);
            int more = scopes.getOrDefault(scope, 0);
            if (now + more > most) {
                throw new LaneFullException(scope, now, more, most);
            }
        });
    }
}

package dev.architect.store.jdbi;

import dev.architect.quota.QuotaStore;
import dev.architect.quota.QuotaWindow;
import dev.architect.quota.SliceGrant;
import dev.architect.quota.SliceRequest;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Shared limits in a database. Each exchange is one transaction, which locks the row of each of its quotas, in the order of their names;
 * what is granted is decided by {@link QuotaWindow}. Safe for use by several threads.
 */
public final class JdbiQuotaStore implements QuotaStore {

    /** Twice the longest period: what is older counts nowhere. */
    private static final Duration KEPT = Duration.ofHours(48);

    // The update changes nothing: it locks the row, and returns it in the same statement.
    static final String LOCK = "INSERT INTO shared_quota (name, clock_at) VALUES (?, 0)"
            + " ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id, clock_at";
    static final String USES = "SELECT slot, units FROM quota_use WHERE quota = ?";
    static final String SLICES = "SELECT holder, epoch, units, valid_until FROM quota_slice WHERE quota = ?";
    static final String SET_CLOCK = "UPDATE shared_quota SET clock_at = ? WHERE id = ?";
    static final String SET_USE = "INSERT INTO quota_use (quota, slot, units) VALUES (?, ?, ?)"
            + " ON CONFLICT (quota, slot) DO UPDATE SET units = excluded.units";
    static final String DELETE_USE = "DELETE FROM quota_use WHERE quota = ? AND slot = ?";
    static final String SET_SLICE = "INSERT INTO quota_slice (quota, holder, epoch, units, valid_until)"
            + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (quota, holder) DO UPDATE SET epoch = excluded.epoch,"
            + " units = excluded.units, valid_until = excluded.valid_until";
    static final String DELETE_SLICE = "DELETE FROM quota_slice WHERE quota = ? AND holder = ?";
    private static final String FORGET = "DELETE FROM shared_quota WHERE clock_at < ? RETURNING id";
    private static final String FORGET_USES = "DELETE FROM quota_use WHERE quota = ?";
    private static final String FORGET_SLICES = "DELETE FROM quota_slice WHERE quota = ?";

    private final TransactionalWrites writes;
    private final Clock clock;

    /** What the clock of the store shows. */
    @FunctionalInterface
    public interface Clock {

        /** Microseconds since 1970, within the transaction of {@code sql}. */
        long micros(WriteConnection sql) throws SQLException;
    }

    /** Creates the store over the connections of one database. */
    public JdbiQuotaStore(TransactionalWrites writes, Clock clock) {
        this.writes = writes;
        this.clock = clock;
    }

    @Override
    public long join() {
        return writes.write(sql -> {
            // Here, because nodes join rarely.
            PreparedStatement forget = sql.prepare(FORGET);
            forget.setLong(1, clock.micros(sql) - Micros.of(KEPT));
            List<Long> forgotten = new ArrayList<>();
            try (ResultSet row = forget.executeQuery()) {
                while (row.next()) {
                    forgotten.add(row.getLong(1));
                }
            }
            for (long quota : forgotten) {
                delete(sql, FORGET_USES, quota);
                delete(sql, FORGET_SLICES, quota);
            }
            return sql.dialect().takeNumber(sql, "quota_holder");
        });
    }

    private static void delete(WriteConnection sql, String statement, long quota) throws SQLException {
        PreparedStatement delete = sql.prepare(statement);
        delete.setLong(1, quota);
        delete.executeUpdate();
    }

    @Override
    public List<SliceGrant> exchange(long holder, List<SliceRequest> requests) {
        List<SliceRequest> copy = List.copyOf(requests);
        // In one order for all nodes, so that none waits for another one that waits for it.
        int[] order = IntStream.range(0, copy.size())
                .boxed()
                .sorted(Comparator.comparing(index -> copy.get(index).quota()))
                .mapToInt(Integer::intValue)
                .toArray();
        return writes.write(sql -> {
            SliceGrant[] grants = new SliceGrant[copy.size()];
            for (int index : order) {
                grants[index] = exchange(sql, holder, copy.get(index));
            }
            return Arrays.asList(grants);
        });
    }

    private SliceGrant exchange(WriteConnection sql, long holder, SliceRequest request) throws SQLException {
        PreparedStatement lock = sql.prepare(LOCK);
        lock.setString(1, StoredText.encode(request.quota()));
        long quota;
        long clockMicros;
        try (ResultSet row = lock.executeQuery()) {
            row.next();
            quota = row.getLong(1);
            clockMicros = row.getLong(2);
        }
        Map<Long, Long> uses = uses(sql, quota);
        Map<Long, QuotaWindow.Slice> slices = slices(sql, quota);
        QuotaWindow window = new QuotaWindow(request.period(), uses, slices, clockMicros);
        // Read after the lock, for which another node may have kept this one waiting.
        SliceGrant grant = window.exchange(holder, request, clock.micros(sql));
        saveUses(sql, quota, uses, window.uses());
        saveSlices(sql, quota, slices, window.slices());
        PreparedStatement setClock = sql.prepare(SET_CLOCK);
        setClock.setLong(1, window.clockMicros());
        setClock.setLong(2, quota);
        setClock.executeUpdate();
        return grant;
    }

    private static Map<Long, Long> uses(WriteConnection sql, long quota) throws SQLException {
        PreparedStatement select = sql.prepare(USES);
        select.setLong(1, quota);
        Map<Long, Long> uses = new HashMap<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                uses.put(row.getLong(1), row.getLong(2));
            }
        }
        return uses;
    }

    private static Map<Long, QuotaWindow.Slice> slices(WriteConnection sql, long quota) throws SQLException {
        PreparedStatement select = sql.prepare(SLICES);
        select.setLong(1, quota);
        Map<Long, QuotaWindow.Slice> slices = new HashMap<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                slices.put(row.getLong(1), new QuotaWindow.Slice(row.getLong(2), row.getLong(3), row.getLong(4)));
            }
        }
        return slices;
    }

    private static void saveUses(WriteConnection sql, long quota, Map<Long, Long> before, Map<Long, Long> after)
            throws SQLException {
        for (Map.Entry<Long, Long> use : after.entrySet()) {
            if (!use.getValue().equals(before.get(use.getKey()))) {
                PreparedStatement set = sql.prepare(SET_USE);
                set.setLong(1, quota);
                set.setLong(2, use.getKey());
                set.setLong(3, use.getValue());
                set.executeUpdate();
            }
        }
        for (long slot : before.keySet()) {
            if (!after.containsKey(slot)) {
                PreparedStatement delete = sql.prepare(DELETE_USE);
                delete.setLong(1, quota);
                delete.setLong(2, slot);
                delete.executeUpdate();
            }
        }
    }

    private static void saveSlices(
            WriteConnection sql, long quota, Map<Long, QuotaWindow.Slice> before, Map<Long, QuotaWindow.Slice> after)
            throws SQLException {
        for (Map.Entry<Long, QuotaWindow.Slice> each : after.entrySet()) {
            QuotaWindow.Slice slice = each.getValue();
            if (!Objects.equals(slice, before.get(each.getKey()))) {
                PreparedStatement set = sql.prepare(SET_SLICE);
                set.setLong(1, quota);
                set.setLong(2, each.getKey());
                set.setLong(3, slice.epoch());
                set.setLong(4, slice.units());
                set.setLong(5, slice.untilMicros());
                set.executeUpdate();
            }
        }
        for (long holder : before.keySet()) {
            if (!after.containsKey(holder)) {
                PreparedStatement delete = sql.prepare(DELETE_SLICE);
                delete.setLong(1, quota);
                delete.setLong(2, holder);
                delete.executeUpdate();
            }
        }
    }
}

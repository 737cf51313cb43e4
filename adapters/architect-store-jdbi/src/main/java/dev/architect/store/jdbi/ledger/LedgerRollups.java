package dev.architect.store.jdbi.ledger;

import dev.architect.cost.CallOutcome;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.SpendDimension;
import dev.architect.spi.TimeSource;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.ReadConnections;
import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.store.jdbi.WriteConnection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * Keeps the sums of the ledger. All calls that began before a time that only moves forward are in the sums; {@link SpendReader} reads the rest of
 * a period from the ledger. Whoever changes the sums has the row with that time for itself. Safe for use by several threads.
 */
final class LedgerRollups {

    /** Calls of one transaction at most. */
    private static final int MOST_CALLS = 2_000;

    /** Calls of one transaction, however slow the database is: with fewer, most of its work would be the same sums again. */
    private static final int LEAST_CALLS = 500;

    /** Calls of the first transaction of a process: its code and its statements are prepared in it. */
    private static final int FIRST_CALLS = 50;

    /** A transaction is to take so long, since calls that are recorded wait for it. */
    private static final long LONGEST_NANOS = Duration.ofMillis(50).toNanos();

    /**
     * In one transaction no call is begun with so many sums of minutes changed: calls of many minutes share few, and others wait meanwhile. Those of
     * hours and days are shared by so many calls that these are what is limited.
     */
    private static final int MOST_MINUTE_SUMS = 250;

    /** The same of all sums together. */
    private static final int MOST_SUMS = 2_000;

    /** Calls of one transaction that were in the sums in part: each of another time. */
    private static final int SETTLED = 200;

    /** About so many sums of minutes are deleted in one transaction: calls that are recorded wait for it. */
    private static final int REMOVED = 1_000;

    /** Sums of minutes are kept for so long: as many as the calls of two days have, and no more, however large the ledger is. */
    private static final long MINUTES_KEPT = 2 * 24 * 3_600_000_000L;

    private final TransactionalWrites writes;
    private final ReadConnections reads;
    private final TimeSource time = TimeSource.system();

    /** Calls of the next transaction at most. */
    private volatile int mostCalls = FIRST_CALLS;

    /** A row of sums. */
    private record Key(int grain, int dimension, long beginsAt, String value) {
        static final Comparator<Key> ORDER = Comparator.comparingInt(Key::grain)
                .thenComparingInt(Key::dimension)
                .thenComparingLong(Key::beginsAt)
                .thenComparing(Key::value);
    }

    /** A call of a request, with what matters for failovers. */
    private record Sibling(
            String callId,
            long sequence,
            long startedAt,
            boolean isFailed,
            boolean isAnswered,
            int position,
            boolean isLate) {}

    /**
     * How far the sums go.
     *
     * @param until calls that began before are in them
     * @param minutesFrom calls that began from then on are in those of minutes
     * @param isCompact whether zeros are NULL
     */
    private record Progress(long until, long minutesFrom, boolean isCompact) {}

    /** A part of a call that is not in the sums. */
    private record Pending(long startedAt, long sequence, CallPart part) {}

    LedgerRollups(TransactionalWrites writes, ReadConnections reads) {
        this.writes = writes;
        this.reads = reads;
    }

    // Recording

    /**
     * How calls are recorded now.
     *
     * @param until calls that began before are in the sums
     * @param isCompact whether they leave out what is usual
     */
    record Recording(long until, boolean isCompact) {}

    /** Returns how calls are recorded; that does not change until the transaction ends. */
    static Recording recording(WriteConnection sql) throws SQLException {
        return state(
                sql, RollupSql.untilForShare(sql.dialect()), row -> new Recording(row.getLong(1), row.getInt(3) == 1));
    }

    /** Reads the one row of {@code ledger_folded}. */
    @FunctionalInterface
    private interface StateReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private static <T> T state(WriteConnection sql, String select, StateReader<T> reader) throws SQLException {
        try (ResultSet row = sql.prepare(select).executeQuery()) {
            if (!row.next()) {
                throw new SQLException("ledger_folded has no row, expected one");
            }
            return reader.read(row);
        }
    }

    /** Notes what the sums lack of entries that this transaction has added. */
    static void recorded(WriteConnection sql, List<LedgerEntry> added, long until) throws SQLException {
        addLate(sql, added, until);
        Set<String> failed = added.stream()
                .filter(entry -> entry.outcome() == CallOutcome.FAILED)
                .map(entry -> entry.origin().requestId())
                .collect(Collectors.toSet());
        Set<String> calls = added.stream().map(LedgerEntry::callId).collect(Collectors.toSet());
        for (String request : failed) {
            noteFailovers(sql, siblings(sql, request), calls, until);
        }
    }

    private static void addLate(WriteConnection sql, List<LedgerEntry> added, long until) throws SQLException {
        PreparedStatement late = null;
        for (LedgerEntry entry : added) {
            long startedAt = Micros.of(entry.timing().startedAt());
            if (startedAt >= 0 && startedAt < until) {
                late = sql.prepare(RollupSql.ADD_LATE);
                late.setString(1, entry.callId());
                late.setLong(2, startedAt);
                late.addBatch();
            }
        }
        if (late != null) {
            late.executeBatch();
        }
    }

    private static List<Sibling> siblings(WriteConnection sql, String request) throws SQLException {
        List<Sibling> siblings = new ArrayList<>();
        PreparedStatement select = sql.prepare(RollupSql.OF_REQUEST);
        select.setString(1, request);
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                String stored = row.getString("outcome");
                String outcome = stored == null ? CallOutcome.ANSWERED.name() : stored;
                siblings.add(new Sibling(
                        row.getString("call_id"),
                        row.getLong("sequence"),
                        row.getLong("started_at"),
                        outcome.equals(CallOutcome.FAILED.name()),
                        outcome.equals(CallOutcome.ANSWERED.name()),
                        row.getInt("position"),
                        row.getInt("is_late") == 1));
            }
        }
        return siblings;
    }

    /** An answered call that is in the sums already has become a failover by a failed one that was recorded after it. */
    private static void noteFailovers(WriteConnection sql, List<Sibling> siblings, Set<String> added, long until)
            throws SQLException {
        for (Sibling answered : siblings) {
            boolean isInSums = answered.isAnswered()
                    && answered.startedAt() >= 0
                    && answered.startedAt() < until
                    && !answered.isLate()
                    && !added.contains(answered.callId());
            List<Sibling> failedBefore = siblings.stream()
                    .filter(each -> each.isFailed() && each.position() < answered.position())
                    .toList();
            boolean isNew =
                    !failedBefore.isEmpty() && failedBefore.stream().allMatch(each -> added.contains(each.callId()));
            if (isInSums && isNew) {
                executeAll(
                        sql,
                        RollupSql.ADD_PENDING,
                        List.of(new Pending(answered.startedAt(), answered.sequence(), CallPart.FAILOVER)));
            }
        }
    }

    private static void executeAll(WriteConnection sql, String statement, List<Pending> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        PreparedStatement each = sql.prepare(statement);
        for (Pending pending : rows) {
            each.setLong(1, pending.startedAt());
            each.setLong(2, pending.sequence());
            each.setInt(3, pending.part().number());
            each.addBatch();
        }
        each.executeBatch();
    }

    // Adding up

    /** Adds up some of what began before {@code before} and is not in the sums; whether there may be more. */
    boolean rollUp(long before) {
        return hasWork(before)
                && writes.write(sql -> {
                    long begin = time.nanoTime();
                    int most = mostCalls;
                    RolledUp rolledUp = rollUp(sql, before, most);
                    mostCalls = mostCallsAfter(most, rolledUp.calls(), time.nanoTime() - begin);
                    return rolledUp.isPart();
                });
    }

    /** Returns how many calls the next transaction may have, by how long {@code calls} of {@code most} took. */
    static int mostCallsAfter(int most, int calls, long nanos) {
        if (most < LEAST_CALLS) {
            return Math.min(LEAST_CALLS, most * 2);
        }
        if (nanos > LONGEST_NANOS) {
            return (int) Math.max(LEAST_CALLS, calls * LONGEST_NANOS / nanos);
        }
        return nanos < LONGEST_NANOS / 2 ? Math.min(MOST_CALLS, most * 2) : most;
    }

    /**
     * What one transaction has done.
     *
     * @param calls how many it has added to the sums
     * @param isPart whether there may be more to do
     */
    private record RolledUp(int calls, boolean isPart) {}

    private boolean hasWork(long before) {
        return reads.read(handle -> handle.inTransaction(snapshot -> {
            long[] progress = snapshot.createQuery(RollupSql.UNTIL)
                    .map((row, context) -> new long[] {row.getLong(1), row.getLong(2)})
                    .one();
            return (progress[0] < before && isAny(snapshot, RollupSql.HAS_CALLS, progress[0], before))
                    || isAny(snapshot, RollupSql.HAS_DECIDED)
                    || isAny(
                            snapshot,
                            RollupSql.OLDEST,
                            Grain.MINUTE.number(),
                            number(SpendDimension.PROVIDER),
                            progress[1]);
        }));
    }

    private static boolean isAny(Handle snapshot, String select, Object... values) {
        Query query = snapshot.createQuery(select);
        for (int i = 0; i < values.length; i++) {
            query.bind(i, values[i]);
        }
        return query.mapTo(Long.class).findFirst().isPresent();
    }

    private static RolledUp rollUp(WriteConnection sql, long before, int most) throws SQLException {
        // Until the commit every recording of a call waits, so none is missed.
        Progress progress = state(
                sql,
                RollupSql.untilForUpdate(sql.dialect()),
                row -> new Progress(row.getLong(1), row.getLong(2), row.getInt(3) == 1));
        long until = progress.until();
        long end = chunkEnd(sql, until, before, most);
        long minutesFrom = Math.max(progress.minutesFrom(), Grain.HOUR.begin(Math.max(0, before - MINUTES_KEPT)));
        Sums sums = new Sums(minutesFrom);
        Added added = until < end ? addCalls(sql, until, end, sums, most) : new Added(end, 0, false);
        int settled = settle(sql, sums);
        write(sql, sums.byKey, progress.isCompact());
        if (until < added.end() || minutesFrom > progress.minutesFrom()) {
            PreparedStatement move = sql.prepare(RollupSql.MOVE_UNTIL);
            move.setLong(1, Math.max(until, added.end()));
            move.setLong(2, minutesFrom);
            move.executeUpdate();
        }
        boolean hasOldMinutes = removeMinutes(sql, minutesFrom);
        return new RolledUp(added.calls(), added.isPart() || settled >= SETTLED || hasOldMinutes);
    }

    /** Deletes the oldest minutes of those before {@code before}; whether there are more. */
    private static boolean removeMinutes(WriteConnection sql, long before) throws SQLException {
        int removed = 0;
        OptionalLong oldest = oldestMinute(sql, before);
        while (oldest.isPresent() && removed < REMOVED) {
            PreparedStatement remove = sql.prepare(RollupSql.REMOVE_MINUTES);
            for (SpendDimension dimension : SpendDimension.values()) {
                remove.setInt(1, Grain.MINUTE.number());
                remove.setInt(2, number(dimension));
                remove.setLong(3, oldest.getAsLong() + 1);
                removed += remove.executeUpdate();
            }
            oldest = oldestMinute(sql, before);
        }
        return oldest.isPresent();
    }

    /** Every call has a provider, so its sums tell which minutes there are. */
    private static OptionalLong oldestMinute(WriteConnection sql, long before) throws SQLException {
        PreparedStatement select = sql.prepare(RollupSql.OLDEST);
        select.setInt(1, Grain.MINUTE.number());
        select.setInt(2, number(SpendDimension.PROVIDER));
        select.setLong(3, before);
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
        }
    }

    private static long chunkEnd(WriteConnection sql, long until, long before, int most) throws SQLException {
        PreparedStatement select = sql.prepare(RollupSql.CHUNK_END);
        select.setLong(1, until);
        select.setInt(2, most);
        try (ResultSet row = select.executeQuery()) {
            // All calls of that microsecond come with it.
            return row.next() ? Math.min(row.getLong(1) + 1, before) : before;
        }
    }

    /**
     * What one transaction has added.
     *
     * @param end calls that began before are in the sums
     * @param calls how many these are
     * @param isPart whether there may be more
     */
    private record Added(long end, int calls, boolean isPart) {}

    private static Added addCalls(WriteConnection sql, long from, long to, Sums sums, int most) throws SQLException {
        List<Pending> undecided = new ArrayList<>();
        int calls = 0;
        long last = from;
        long end = to;
        PreparedStatement select = sql.prepare(RollupSql.FACTS_IN_ORDER);
        select.setLong(1, from);
        select.setLong(2, to);
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                CallFact call = new CallFact(row);
                if (sums.isFull() && call.startedAt > last) {
                    end = call.startedAt;
                    break;
                }
                sums.add(call, CallPart.WHOLE);
                if (call.isUndecided()) {
                    undecided.add(new Pending(call.startedAt, call.sequence, CallPart.ACCEPTANCE));
                }
                last = call.startedAt;
                calls++;
            }
        }
        executeAll(sql, RollupSql.ADD_PENDING, undecided);
        return new Added(end, calls, end < to || calls >= most);
    }

    private static int settle(WriteConnection sql, Sums sums) throws SQLException {
        List<Pending> done = new ArrayList<>();
        List<Pending> undecided = new ArrayList<>();
        PreparedStatement select = sql.prepare(RollupSql.DECIDED);
        select.setInt(1, SETTLED);
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                CallFact call = new CallFact(row);
                CallPart part = CallPart.of(row.getInt("part"));
                sums.add(call, part);
                done.add(new Pending(call.startedAt, call.sequence, part));
                if (part == CallPart.WHOLE && call.isUndecided()) {
                    undecided.add(new Pending(call.startedAt, call.sequence, CallPart.ACCEPTANCE));
                }
            }
        }
        executeAll(sql, RollupSql.REMOVE_PENDING, done);
        executeAll(sql, RollupSql.ADD_PENDING, undecided);
        return done.size();
    }

    /** What is added to the rows of one transaction. */
    private static final class Sums {
        private final long minutesFrom;
        private final TreeMap<Key, CallSum> byKey = new TreeMap<>(Key.ORDER);
        private int minutes;

        Sums(long minutesFrom) {
            this.minutesFrom = minutesFrom;
        }

        boolean isFull() {
            return minutes >= MOST_MINUTE_SUMS || byKey.size() >= MOST_SUMS;
        }

        void add(CallFact call, CallPart part) {
            for (Grain grain : Grain.values()) {
                long begin = grain.begin(call.startedAt);
                if (grain == Grain.MINUTE && begin < minutesFrom) {
                    continue;
                }
                for (SpendDimension dimension : SpendDimension.values()) {
                    Key key = new Key(grain.number(), number(dimension), begin, call.value(dimension));
                    byKey.computeIfAbsent(key, this::begun).add(call, part);
                }
            }
        }

        private CallSum begun(Key key) {
            minutes += key.grain() == Grain.MINUTE.number() ? 1 : 0;
            return new CallSum();
        }
    }

    /** Kept in the database: never changes. */
    static int number(SpendDimension dimension) {
        return switch (dimension) {
            case PROVIDER -> 0;
            case MODEL -> 1;
            case PROJECT -> 2;
            case USER -> 3;
            case COMPLEXITY -> 4;
            case OUTCOME -> 5;
            case COST_STATUS -> 6;
            case SERVICE_TIER -> 7;
            case REGION -> 8;
            case TASK_TYPE -> 9;
            case KEY -> 10;
        };
    }

    private static void write(WriteConnection sql, Map<Key, CallSum> sums, boolean isCompact) throws SQLException {
        PreparedStatement add = sql.prepare(isCompact ? RollupSql.ADD_COMPACT_SUM : RollupSql.ADD_SUM);
        int provider = number(SpendDimension.PROVIDER);
        for (Map.Entry<Key, CallSum> each : sums.entrySet()) {
            Key key = each.getKey();
            bind(add, key);
            each.getValue().bind(add, 5, isCompact);
            int last = 5 + CallSum.COLUMNS.size();
            // Of providers only, and of no minute: these take many times the place of the numbers.
            if (key.dimension() == provider && key.grain() != Grain.MINUTE.number()) {
                addKept(sql, key, each.getValue().latency());
                add.setBytes(last, each.getValue().latency().bytes());
            } else {
                add.setBytes(last, null);
            }
            add.addBatch();
        }
        add.executeBatch();
    }

    private static void bind(PreparedStatement statement, Key key) throws SQLException {
        statement.setInt(1, key.grain());
        statement.setInt(2, key.dimension());
        statement.setLong(3, key.beginsAt());
        statement.setString(4, key.value());
    }

    private static void addKept(WriteConnection sql, Key key, LatencySketch latency) throws SQLException {
        PreparedStatement select = sql.prepare(RollupSql.LATENCY);
        bind(select, key);
        try (ResultSet row = select.executeQuery()) {
            if (row.next()) {
                latency.add(row.getBytes(1));
            }
        }
    }
}

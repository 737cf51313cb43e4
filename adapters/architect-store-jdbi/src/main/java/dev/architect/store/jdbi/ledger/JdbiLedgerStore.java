package dev.architect.store.jdbi.ledger;

import dev.architect.change.ChangeTopic;
import dev.architect.cost.GroupSpend;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.ProviderSpend;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.spend.LedgerPage;
import dev.architect.spend.LedgerPosition;
import dev.architect.spend.MeteredCall;
import dev.architect.spend.SpendAxis;
import dev.architect.spend.SpendBucket;
import dev.architect.spend.SpendCell;
import dev.architect.spend.SpendFilter;
import dev.architect.spend.SpendInterval;
import dev.architect.spend.SpendTotals;
import dev.architect.spi.LedgerStore;
import dev.architect.store.jdbi.LimitChecks;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.ReadConnections;
import dev.architect.store.jdbi.SqlDialect;
import dev.architect.store.jdbi.StoredText;
import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.task.TaskId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The ledger in a database. Safe for use by several threads. */
public final class JdbiLedgerStore implements LedgerStore {

    private static final int MOST_OF_PAGE = 10_000;
    private static final int MOST_TOP = 1_000;

    /** Calls of one query of {@link #metered}. */
    private static final int METERED = 5_000;

    private final TransactionalWrites writes;
    private final ReadConnections reads;
    private final ReadConnections pageReads;
    private final SqlDialect dialect;
    private final LedgerRollups rollups;
    private final SpendReader reader;

    /** Creates the store over the connections of one database of {@code dialect}. */
    public JdbiLedgerStore(TransactionalWrites writes, ReadConnections reads, SqlDialect dialect) {
        this(writes, reads, reads, dialect);
    }

    /**
     * As above.
     *
     * @param reads for reports, which may take long
     * @param pageReads for pages, for which somebody waits
     */
    public JdbiLedgerStore(
            TransactionalWrites writes, ReadConnections reads, ReadConnections pageReads, SqlDialect dialect) {
        this.writes = writes;
        this.reads = reads;
        this.pageReads = pageReads;
        this.dialect = dialect;
        this.rollups = new LedgerRollups(writes, reads);
        this.reader = new SpendReader(reads);
    }

    @Override
    public void record(List<LedgerEntry> entries) {
        List<LedgerEntry> copy = List.copyOf(entries);
        if (copy.isEmpty()) {
            return;
        }
        writes.write(sql -> {
            LedgerRollups.Recording recording = LedgerRollups.recording(sql);
            addTypes(sql, copy);
            PreparedStatement insert = sql.prepare(LedgerSql.INSERT);
            List<LedgerEntry> added = new ArrayList<>(copy.size());
            for (LedgerEntry entry : copy) {
                LedgerRow.bind(insert, entry, recording.isCompact());
                // In one round trip to a server for all of them.
                insert.addBatch();
            }
            int[] inserted = insert.executeBatch();
            for (int i = 0; i < inserted.length; i++) {
                if (inserted[i] == 1) {
                    added.add(copy.get(i));
                }
            }
            if (!added.isEmpty()) {
                sql.changed(ChangeTopic.CALL, "new");
            }
            LedgerRollups.recorded(sql, added, recording.until());
            return copy.size();
        });
    }

    /** Keeps the types of tasks that calls name, so that each has a number. */
    private static void addTypes(WriteConnection sql, List<LedgerEntry> entries) throws SQLException {
        // In one order, so that transactions that add several do not wait for each other.
        SortedSet<String> types = new TreeSet<>();
        entries.forEach(
                entry -> entry.origin().taskType().map(StoredText::encode).ifPresent(types::add));
        if (types.isEmpty()) {
            return;
        }
        PreparedStatement add = sql.prepare(LedgerSql.ADD_TYPE);
        for (String type : types) {
            add.setString(1, type);
            add.setString(2, type);
            add.addBatch();
        }
        add.executeBatch();
    }

    @Override
    public List<ProviderSpend> spend(ReportPeriod.Between period) {
        return reader.byProvider(from(period), to(period)).entrySet().stream()
                .map(each -> each.getValue().provider(each.getKey()))
                .toList();
    }

    @Override
    public List<GroupSpend> spendBy(SpendDimension dimension, SpendFilter filter, ReportPeriod.Between period) {
        return reader.byValue(dimension, filter, from(period), to(period)).entrySet().stream()
                .map(each -> each.getValue().totals().as(each.getKey()))
                .toList();
    }

    @Override
    public List<SpendCell> breakdown(List<SpendAxis> axes, SpendFilter filter, ReportPeriod.Between period) {
        return reader.byAxes(axes, filter, from(period), to(period)).entrySet().stream()
                .map(each -> new SpendCell(each.getKey(), each.getValue().totals()))
                .toList();
    }

    @Override
    public List<SpendBucket> series(SpendInterval interval, SpendFilter filter, ReportPeriod.Between period) {
        return reader.byTime(interval, filter, from(period), to(period)).entrySet().stream()
                .map(each -> new SpendBucket(each.getKey(), each.getValue().totals()))
                .toList();
    }

    @Override
    public List<GroupSpend> topTasks(SpendFilter filter, ReportPeriod.Between period, int limit) {
        LimitChecks.checkPageLimit(limit, MOST_TOP);
        return reader.topTasks(filter, from(period), to(period), limit).entrySet().stream()
                .map(each -> each.getValue().totals().as(new TaskId(each.getKey()).toString()))
                // Stable, and by id before.
                .sorted(Comparator.comparing((GroupSpend task) -> task.cost().spent())
                        .reversed())
                .toList();
    }

    @Override
    public SortedMap<Long, SpendTotals> attempts(TaskId task) {
        SortedMap<Long, SpendTotals> attempts = new TreeMap<>();
        reader.byAttempt(task).forEach((epoch, sum) -> attempts.put(epoch, sum.totals()));
        return attempts;
    }

    @Override
    public List<LedgerEntry> page(
            SpendFilter filter, ReportPeriod.Between period, Optional<LedgerPosition> position, int limit) {
        LimitChecks.checkPageLimit(limit, MOST_OF_PAGE);
        return page(reads, filter, period, position, limit);
    }

    private List<LedgerEntry> page(
            ReadConnections connections,
            SpendFilter filter,
            ReportPeriod.Between period,
            Optional<LedgerPosition> position,
            int limit) {
        CallCondition condition = new CallCondition(filter);
        String sql = LedgerSql.page(dialect, position.isPresent(), condition.sql());
        Object[] parameters = parameters(
                condition,
                period,
                position.map(LedgerPosition::startedAt).map(Micros::of).orElse(0L),
                position.map(LedgerPosition::callId).orElse(null),
                limit);
        return connections.read(handle -> bind(handle.createQuery(sql), parameters)
                .map((row, context) -> LedgerRow.entry(row))
                .list());
    }

    @Override
    public void metered(
            SpendDimension dimension,
            SpendFilter filter,
            ReportPeriod.Between period,
            Consumer<? super MeteredCall> reader) {
        CallCondition condition = new CallCondition(filter);
        String first = LedgerSql.metered(dialect, false, condition.sql(), dimension);
        String next = LedgerSql.metered(dialect, true, condition.sql(), dimension);
        MeteredReader rows = new MeteredReader(dimension);
        String position = null;
        List<MeteredCall> page;
        do {
            String sql = position == null ? first : next;
            Object[] parameters = parameters(condition, period, rows.startedAt(), position, METERED);
            // A page is read whole before it is handed on: reading may be repeated, and the reader takes its time.
            page = reads.read(handle -> meteredPage(bind(handle.createQuery(sql), parameters), rows));
            page.forEach(reader);
            position = rows.callId();
        } while (page.size() == METERED);
    }

    private static List<MeteredCall> meteredPage(Query query, MeteredReader rows) {
        List<MeteredCall> page = new ArrayList<>(METERED);
        query.map((row, context) -> page.add(rows.read(row, page.size() == METERED - 1)))
                .forEach(isAdded -> {});
        return page;
    }

    /** The parameters of a page: the period, the position where there is one, the conditions and the limit. */
    private static Object[] parameters(
            CallCondition condition, ReportPeriod.Between period, long at, @Nullable String callIdOrNull, int limit) {
        List<Object> first = callIdOrNull == null
                ? List.of(from(period), to(period))
                : List.of(Math.max(at, from(period)), to(period), at, callIdOrNull);
        return condition.parameters(first, limit);
    }

    private static Query bind(Query query, Object... parameters) {
        for (int i = 0; i < parameters.length; i++) {
            query.bind(i, parameters[i]);
        }
        return query;
    }

    @Override
    public LedgerPage browse(
            SpendFilter filter, ReportPeriod.Between period, Optional<LedgerPosition> position, int limit) {
        LimitChecks.checkPageLimit(limit, MOST_OF_PAGE - 1);
        if (filter.task().isPresent() || filter.equals(SpendFilter.ALL)) {
            return LedgerPage.of(page(pageReads, filter, period, position, limit + 1), limit);
        }
        return pageReads.read(handle -> handle.inTransaction(
                snapshot -> new CallSearch(snapshot, dialect, filter, to(period), limit).page(from(period), position)));
    }

    // Rounded up, at both ends: rows have whole microseconds, and a period may begin within one.
    private static long from(ReportPeriod.Between period) {
        return Micros.notBefore(period.from());
    }

    private static long to(ReportPeriod.Between period) {
        return Micros.notBefore(period.to());
    }

    @Override
    public boolean rollUp(Instant before) {
        return rollups.rollUp(Micros.of(before));
    }

    @Override
    public int purge(List<LedgerPosition> calls) {
        List<LedgerPosition> copy = List.copyOf(calls);
        return writes.write(sql -> {
            // Adding up waits until the commit, so a call is in the sums or stays.
            long until = LedgerRollups.recording(sql).until();
            Set<Long> tasks = tasksOf(sql, copy);
            PreparedStatement delete = sql.prepare(LedgerSql.PURGE);
            int deleted = 0;
            for (LedgerPosition call : copy) {
                long startedAt = Micros.of(call.startedAt());
                // Times before 1970 are in no sum.
                if (startedAt >= 0) {
                    delete.setString(1, call.callId());
                    delete.setLong(2, startedAt);
                    delete.setLong(3, until);
                    delete.addBatch();
                }
            }
            for (int each : delete.executeBatch()) {
                deleted += each;
            }
            if (deleted > 0 && !tasks.isEmpty()) {
                PreparedStatement attempts = sql.prepare(LedgerSql.PURGE_ATTEMPTS);
                for (long task : tasks) {
                    attempts.setLong(1, task);
                    attempts.addBatch();
                }
                attempts.executeBatch();
            }
            return deleted;
        });
    }

    /** The tasks of some calls, in the order of their ids. */
    private static Set<Long> tasksOf(WriteConnection sql, List<LedgerPosition> calls) throws SQLException {
        Map<Long, Set<String>> byTime = new TreeMap<>();
        calls.forEach(call -> byTime.computeIfAbsent(Micros.of(call.startedAt()), time -> new HashSet<>())
                .add(call.callId()));
        List<Long> times = List.copyOf(byTime.keySet());
        Set<Long> tasks = new TreeSet<>();
        for (int from = 0; from < times.size(); from += WriteConnection.MAX_IDS) {
            List<Long> part = times.subList(from, Math.min(times.size(), from + WriteConnection.MAX_IDS));
            PreparedStatement select = sql.prepare(LedgerSql.tasksAt(sql.dialect(), part.size()));
            sql.dialect().bindIds(select, 1, part);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    if (Objects.requireNonNull(byTime.get(row.getLong(1))).contains(row.getString(2))) {
                        tasks.add(row.getLong(3));
                    }
                }
            }
        }
        return tasks;
    }

    @Override
    public Optional<LedgerEntry> call(String callId) {
        return found(LedgerSql.call(dialect), callId).findFirst();
    }

    private Stream<LedgerEntry> found(String query, String id) {
        return reads
                .read(handle -> handle.createQuery(query)
                        .bind(LedgerSql.ID, StoredText.encode(id))
                        .map((row, context) -> LedgerRow.entry(row))
                        .list())
                .stream()
                .sorted(LedgerEntry.IN_REQUEST);
    }

    @Override
    public List<LedgerEntry> ofRequest(String requestId) {
        return found(LedgerSql.ofRequest(dialect), requestId).toList();
    }

    @Override
    public List<LedgerEntry> ofTask(TaskId task) {
        return reads.read(handle -> handle.createQuery(LedgerSql.OF_TASK)
                .bind(0, task.value())
                .map((row, context) -> LedgerRow.entry(row))
                .list());
    }

    @Override
    public List<LedgerEntry> newest(int limit) {
        LimitChecks.checkPageLimit(limit, MOST_OF_PAGE);
        return reads.read(handle -> handle.createQuery(LedgerSql.NEWEST)
                .bind(0, limit)
                .map((row, context) -> LedgerRow.entry(row))
                .list());
    }
}

package dev.architect.store.jdbi.ledger;

import dev.architect.cost.SpendDimension;
import dev.architect.spend.SpendAxis;
import dev.architect.spend.SpendCell;
import dev.architect.spend.SpendFilter;
import dev.architect.spend.SpendInterval;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.ReadConnections;
import dev.architect.store.jdbi.StoredText;
import dev.architect.task.TaskId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Adds up calls for reports: from the sums of minutes, hours, days and blocks as far as these have what the report is about, and from the calls of the
 * ledger for the rest, so it is exact at any moment. Safe for use by several threads.
 */
final class SpendReader {

    /** Reports on later times are read from the calls. */
    private static final long LATEST = Long.MAX_VALUE / 2;

    private static final int FETCH = 1_000;

    private final ReadConnections reads;

    SpendReader(ReadConnections reads) {
        this.reads = reads;
    }

    /** Reads the key of a row of sums. */
    @FunctionalInterface
    private interface RowKey<K> {
        K of(ResultSet row) throws SQLException;
    }

    /**
     * The rows of sums that a report can use.
     *
     * @param dimension whose rows
     * @param value the only value that counts; null for all
     * @param longest the longest grain that can be told apart in the report
     * @param column by which rows are added up
     * @param key the key of such a row
     */
    private record Rows<K>(
            SpendDimension dimension, @Nullable String value, Grain longest, String column, RowKey<K> key) {}

    /**
     * How far the sums go.
     *
     * @param until calls that began before are in them
     * @param minutesFrom calls that began from then on are in those of minutes
     */
    private record Progress(long until, long minutesFrom) {}

    /**
     * A report.
     *
     * @param filter which calls
     * @param key the key of a call
     * @param rows the sums that have them; null when none has
     * @param order the order of keys
     */
    private record Report<K>(
            SpendFilter filter,
            Function<CallFact, K> key,
            @Nullable Rows<K> rows,
            Comparator<K> order) {}

    /** Returns the sums of the calls that began from {@code from} until just before {@code to}, by value. */
    TreeMap<String, CallSum> byValue(SpendDimension dimension, SpendFilter filter, long from, long to) {
        Rows<String> rows = isOnlyOn(filter, dimension)
                ? new Rows<>(dimension, stored(filter, dimension), Grain.BLOCK, "value", row -> row.getString("value"))
                : null;
        Report<String> report =
                new Report<>(filter, call -> call.value(dimension), rows, Comparator.<String>naturalOrder());
        TreeMap<String, CallSum> sums = read(handle -> sums(handle, report, from, to));
        if (!isEncoded(dimension)) {
            return sums;
        }
        TreeMap<String, CallSum> decoded = new TreeMap<>();
        sums.forEach((value, sum) -> decoded.put(String.valueOf(StoredText.decode(value)), sum));
        return decoded;
    }

    /** The same by the values on several axes. */
    TreeMap<List<String>, CallSum> byAxes(List<SpendAxis> axes, SpendFilter filter, long from, long to) {
        CallCondition condition = new CallCondition(filter);
        TreeMap<List<String>, CallSum> sums = new TreeMap<>(SpendCell.BY_VALUES);
        return read(handle -> {
            bind(handle.createQuery(RollupSql.TAGGED_FACTS + condition.sql()), condition.parameters(List.of(from, to)))
                    .setFetchSize(FETCH)
                    .map((row, context) -> new CallOnAxes(axes, row))
                    .forEach(call -> of(sums, call.values()).add(call.fact(), CallPart.WHOLE));
            return sums;
        });
    }

    /** Whether its values are texts of hosts and providers, which are stored as {@link StoredText}. */
    static boolean isEncoded(SpendDimension dimension) {
        return switch (dimension) {
            case USER, SERVICE_TIER, REGION, TASK_TYPE, KEY -> true;
            case PROVIDER, MODEL, PROJECT, COMPLEXITY, OUTCOME, COST_STATUS -> false;
        };
    }

    /** The same by provider, with how long calls took. */
    TreeMap<String, CallSum> byProvider(long from, long to) {
        Rows<String> rows =
                new Rows<>(SpendDimension.PROVIDER, null, Grain.BLOCK, "value", row -> row.getString("value"));
        Report<String> report = new Report<>(
                SpendFilter.ALL, call -> call.value(SpendDimension.PROVIDER), rows, Comparator.<String>naturalOrder());
        return read(handle -> {
            TreeMap<String, CallSum> sums = sums(handle, report, from, to);
            spans(rows, from, to, 0).forEach(span -> addLatencies(handle, span, sums));
            return sums;
        });
    }

    /** The same by minute, hour or day. */
    TreeMap<Instant, CallSum> byTime(SpendInterval interval, SpendFilter filter, long from, long to) {
        Grain grain = switch (interval) {
            case MINUTE -> Grain.MINUTE;
            case HOUR -> Grain.HOUR;
            case DAY -> Grain.DAY;
        };
        SpendDimension dimension = filter.values().keySet().stream().findFirst().orElse(SpendDimension.PROVIDER);
        Rows<Instant> rows = isOnlyOn(filter, dimension)
                ? new Rows<>(
                        dimension,
                        stored(filter, dimension),
                        grain,
                        "begins_at",
                        row -> interval.begin(Micros.instant(row.getLong("begins_at"))))
                : null;
        Report<Instant> report = new Report<>(
                filter,
                call -> interval.begin(Micros.instant(call.startedAt)),
                rows,
                Comparator.<Instant>naturalOrder());
        return read(handle -> sums(handle, report, from, to));
    }

    /** The sums of the calls of one task, by epoch. */
    TreeMap<Long, CallSum> byAttempt(TaskId task) {
        Report<Long> report =
                new Report<>(SpendFilter.ALL.withTask(task), call -> call.epoch, null, Comparator.<Long>naturalOrder());
        return read(handle -> sums(handle, report, Long.MIN_VALUE, Long.MAX_VALUE));
    }

    /** The sums of the tasks that cost most, by id. */
    TreeMap<Long, CallSum> topTasks(SpendFilter filter, long from, long to, int limit) {
        CallCondition condition = new CallCondition(filter);
        return read(handle -> {
            List<Long> tasks = bind(
                            handle.createQuery(RollupSql.topTasks(condition.sql())),
                            condition.parameters(List.of(from, to), limit))
                    .mapTo(Long.class)
                    .list();
            TreeMap<Long, CallSum> sums = new TreeMap<>();
            for (long task : tasks) {
                Report<Long> report = new Report<>(
                        filter.withTask(new TaskId(task)), call -> task, null, Comparator.<Long>naturalOrder());
                sums.putAll(sums(handle, report, from, to));
            }
            return sums;
        });
    }

    private <T> T read(Function<Handle, T> report) {
        // In one transaction, so that all queries see the same rows.
        return reads.read(handle -> handle.inTransaction(report::apply));
    }

    /** Whether sums of the dimension have the calls that meet the filter. */
    private static boolean isOnlyOn(SpendFilter filter, SpendDimension dimension) {
        return filter.task().isEmpty()
                && filter.failure().isEmpty()
                && filter.tags().isEmpty()
                && filter.values().keySet().stream().allMatch(each -> each == dimension);
    }

    private static @Nullable String stored(SpendFilter filter, SpendDimension dimension) {
        String value = filter.values().get(dimension);
        return isEncoded(dimension) ? StoredText.encode(value) : value;
    }

    private static <K> TreeMap<K, CallSum> sums(Handle handle, Report<K> report, long from, long to) {
        TreeMap<K, CallSum> sums = new TreeMap<>(report.order());
        CallCondition condition = new CallCondition(report.filter());
        Rows<K> rows = report.rows();
        if (rows == null) {
            addCalls(handle, report, condition, from, to, sums);
            return sums;
        }
        Progress progress = handle.createQuery(RollupSql.UNTIL)
                .map((row, context) -> new Progress(row.getLong(1), row.getLong(2)))
                .one();
        List<Grain.Span> spans = spans(rows, from, to, progress.minutesFrom());
        if (spans.isEmpty()) {
            addCalls(handle, report, condition, from, to, sums);
            return sums;
        }
        long first = spans.get(0).from();
        long last = spans.get(spans.size() - 1).to();
        addCalls(handle, report, condition, from, first, sums);
        for (Grain.Span span : spans) {
            addRows(handle, rows, span, sums);
        }
        addPending(handle, report, condition, first, last, sums);
        addCalls(handle, report, condition, Math.max(first, progress.until()), last, sums);
        addCalls(handle, report, condition, last, to, sums);
        return sums;
    }

    /** The rows of full hours, or of full minutes that are kept, within the period, in the order of time; none when it has none. */
    private static List<Grain.Span> spans(Rows<?> rows, long from, long to, long minutesFrom) {
        Grain shortest = rows.longest().shortest();
        long earliest = shortest == Grain.MINUTE ? Math.max(from, minutesFrom) : from;
        long first = earliest > LATEST ? to : shortest.next(Math.max(0, earliest));
        long last = to < 0 ? to : shortest.begin(to);
        return first >= last ? List.of() : Grain.spans(first, last, rows.longest());
    }

    private static <K> void addCalls(
            Handle handle, Report<K> report, CallCondition condition, long from, long to, Map<K, CallSum> sums) {
        if (from < to) {
            bind(handle.createQuery(RollupSql.FACTS + condition.sql()), condition.parameters(List.of(from, to)))
                    // The calls of months are not kept in memory when they have not been added up.
                    .setFetchSize(FETCH)
                    .map((row, context) -> new CallFact(row))
                    .forEach(call -> of(sums, report.key().apply(call)).add(call, CallPart.WHOLE));
        }
    }

    private static <K> void addPending(
            Handle handle, Report<K> report, CallCondition condition, long from, long to, Map<K, CallSum> sums) {
        bind(handle.createQuery(RollupSql.PENDING + condition.sql()), condition.parameters(List.of(from, to)))
                .map((row, context) -> {
                    CallFact call = new CallFact(row);
                    of(sums, report.key().apply(call)).add(call, CallPart.of(row.getInt("part")));
                    return true;
                })
                .list();
    }

    private static <K> void addRows(Handle handle, Rows<K> rows, Grain.Span span, Map<K, CallSum> sums) {
        Query query = bind(
                handle.createQuery(RollupSql.sums(rows.column(), rows.value() != null)),
                span.grain().number(),
                LedgerRollups.number(rows.dimension()),
                span.from(),
                span.to());
        if (rows.value() != null) {
            query.bind(4, rows.value());
        }
        query.map((row, context) -> {
                    of(sums, rows.key().of(row)).add(row);
                    return true;
                })
                .list();
    }

    private static void addLatencies(Handle handle, Grain.Span span, Map<String, CallSum> sums) {
        bind(
                        handle.createQuery(RollupSql.LATENCIES),
                        span.grain().number(),
                        LedgerRollups.number(SpendDimension.PROVIDER),
                        span.from(),
                        span.to())
                .map((row, context) -> {
                    of(sums, row.getString("value")).latency().add(row.getBytes("latency"));
                    return true;
                })
                .list();
    }

    private static Query bind(Query query, Object... parameters) {
        for (int i = 0; i < parameters.length; i++) {
            query.bind(i, parameters[i]);
        }
        return query;
    }

    private static <K> CallSum of(Map<K, CallSum> sums, K key) {
        return sums.computeIfAbsent(key, each -> new CallSum());
    }
}

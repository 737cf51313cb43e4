package dev.architect.store.jdbi.ledger;

import dev.architect.store.jdbi.SqlDialect;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Statements on the sums of the ledger. {@code ledger_sum} has all calls that began before {@code ledger_folded.until}, except for those parts that
 * stand in {@code ledger_pending}: calls that were recorded late, and answers of attempts that have not ended.
 */
final class RollupSql {

    private static final String COLUMNS =
            "l.sequence, l.started_at, l.duration, l.provider, l.model, l.answered_provider,"
                    + " l.answered_model, l.project, l.user_id, l.complexity, l.outcome, l.cost_status, l.service_tier, l.region, l.prompt_tokens,"
                    + " l.completion_tokens, l.cost, l.baseline, l.task_id, l.epoch, a.outcome AS attempt_outcome, t.name AS type_name,"
                    // A call of the same candidate was sent once more on another connection, which is no failover. The
                    // condition in brackets is that
                    // of the index.
                    + " CASE WHEN coalesce(l.outcome, 'ANSWERED') = 'ANSWERED' AND l.position > 0 AND EXISTS (SELECT 1 FROM ledger f"
                    + " WHERE f.request_id = l.request_id AND (f.outcome = 'FAILED' OR f.position > 0) AND f.outcome = 'FAILED'"
                    + " AND f.position < l.position) THEN 1 ELSE 0 END AS is_failover";

    private static final String ATTEMPT =
            // The outcome of the attempt is joined, since it is known only after the row was written.
            " LEFT JOIN task_attempt a ON a.task_id = l.task_id AND a.epoch = l.epoch"
                    + " LEFT JOIN ledger_type t ON t.number = l.task_type";

    /** The calls that began between two times. */
    static final String FACTS =
            "SELECT " + COLUMNS + " FROM ledger l" + ATTEMPT + " WHERE l.started_at >= ? AND l.started_at < ?";

    static final String FACTS_IN_ORDER = FACTS + " ORDER BY l.started_at";

    /** The same with the tags of the host, which few reports are about. */
    static final String TAGGED_FACTS =
            "SELECT " + COLUMNS + ", l.tags FROM ledger l" + ATTEMPT + " WHERE l.started_at >= ? AND l.started_at < ?";

    private static final String OF_PENDING = " FROM ledger_pending p"
            + " JOIN ledger l ON l.started_at = p.started_at AND l.sequence = p.sequence" + ATTEMPT;

    /** What is missing in the sums of a time. */
    static final String PENDING =
            "SELECT p.part, " + COLUMNS + OF_PENDING + " WHERE p.started_at >= ? AND p.started_at < ?";

    /** When the first call between two times began that the sums lack as a whole. */
    static final String FIRST_LATE =
            "SELECT started_at FROM ledger_pending WHERE started_at >= ? AND started_at < ? AND part = 0"
                    + " ORDER BY started_at LIMIT 1";

    /** Some of what is missing and decided. */
    static final String DECIDED = "SELECT p.part, " + COLUMNS + OF_PENDING
            + " WHERE p.part <> 1 OR a.outcome IS NOT NULL ORDER BY p.started_at, p.sequence, p.part LIMIT ?";

    static final String HAS_DECIDED = "SELECT 1" + OF_PENDING + " WHERE p.part <> 1 OR a.outcome IS NOT NULL LIMIT 1";

    static final String HAS_CALLS = "SELECT 1 FROM ledger WHERE started_at >= ? AND started_at < ? LIMIT 1";

    /** Where a number of calls from a time on ends. */
    static final String CHUNK_END =
            "SELECT started_at FROM ledger WHERE started_at >= ? ORDER BY started_at LIMIT 1 OFFSET ?";

    static final String ADD_PENDING =
            "INSERT INTO ledger_pending (started_at, sequence, part) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";

    static final String ADD_LATE = "INSERT INTO ledger_pending (started_at, sequence, part)"
            + " SELECT started_at, sequence, 0 FROM ledger WHERE call_id = ? AND started_at = ? ON CONFLICT DO NOTHING";

    static final String REMOVE_PENDING =
            "DELETE FROM ledger_pending WHERE started_at = ? AND sequence = ? AND part = ?";

    /** The calls of a request that matter for failovers, with whether the sums have them. */
    static final String OF_REQUEST = "SELECT l.call_id, l.sequence, l.started_at, l.outcome, l.position,"
            + " CASE WHEN EXISTS (SELECT 1 FROM ledger_pending p WHERE p.started_at = l.started_at AND p.sequence = l.sequence"
            + " AND p.part = 0) THEN 1 ELSE 0 END AS is_late"
            + " FROM ledger l WHERE l.request_id = ? AND (l.outcome = 'FAILED' OR l.position > 0)";

    static final String UNTIL = "SELECT until, minutes_from FROM ledger_folded WHERE id = 1";

    static final String MOVE_UNTIL = "UPDATE ledger_folded SET until = ?, minutes_from = ? WHERE id = 1";

    /** Deletes sums of minutes of one dimension that are not read any more. */
    static final String REMOVE_MINUTES = "DELETE FROM ledger_sum WHERE grain = ? AND dimension = ? AND begins_at < ?";

    /** The oldest sums of one dimension. */
    static final String OLDEST =
            "SELECT begins_at FROM ledger_sum WHERE grain = ? AND dimension = ? AND begins_at < ? ORDER BY begins_at LIMIT 1";

    private static final String SUM_COLUMNS = CallSum.COLUMNS.stream()
            .map(column -> "sum(" + column + ") AS " + column)
            .collect(Collectors.joining(", "));

    static final String LATENCIES = "SELECT value, latency FROM ledger_sum"
            + " WHERE grain = ? AND dimension = ? AND begins_at >= ? AND begins_at < ? AND latency IS NOT NULL";

    static final String LATENCY =
            "SELECT latency FROM ledger_sum WHERE grain = ? AND dimension = ? AND begins_at = ? AND value = ?";

    static final String ADD_SUM = addSum(column -> "ledger_sum." + column + " + excluded." + column);

    /** The same where zeros are NULL. */
    static final String ADD_COMPACT_SUM = addSum(
            column -> "nullif(coalesce(ledger_sum." + column + ", 0) + coalesce(excluded." + column + ", 0), 0)");

    // Millions and the rest, each rounded towards zero, so that no sum overflows; what the rest has of whole millions
    // is carried over.
    private static final String MILLIONS = "coalesce(sum(l.cost / 1000000), 0)";
    private static final String REST = "coalesce(sum(l.cost % 1000000), 0)";
    private static final String POSITIVE_REST = "((" + REST + " % 1000000 + 1000000) % 1000000)";

    private RollupSql() {}

    private static String addSum(UnaryOperator<String> sum) {
        return "INSERT INTO ledger_sum (grain, dimension, begins_at, value, " + String.join(", ", CallSum.COLUMNS)
                + ", latency) VALUES (?, ?, ?, ?" + ", ?".repeat(CallSum.COLUMNS.size()) + ", ?)"
                + " ON CONFLICT (grain, dimension, begins_at, value) DO UPDATE SET "
                + CallSum.COLUMNS.stream()
                        .map(column -> column + " = " + sum.apply(column))
                        .collect(Collectors.joining(", "))
                + ", latency = excluded.latency";
    }

    /** The sums of some rows by {@code column}, which is {@code value} or {@code begins_at}; of one value alone when it is the last parameter. */
    static String sums(String column, boolean isOfOneValue) {
        return "SELECT " + column + ", " + SUM_COLUMNS
                + " FROM ledger_sum WHERE grain = ? AND dimension = ? AND begins_at >= ? AND begins_at < ?"
                + (isOfOneValue ? " AND value = ?" : "") + " GROUP BY " + column;
    }

    /**
     * The begin of the first row of sums, in steps of one length between two times, that has each of some values: {@code counts} has for each dimension how
     * many values it may have. Steps after that row are not looked at. Parameters: for each dimension the grain, its number and its values; the first begin and the length; for each dimension the
     * grain, its number, the length and its values; the length and the end.
     */
    static String firstWith(List<Integer> counts) {
        return "WITH RECURSIVE step (begins, is_found) AS (SELECT first.begins, " + hasEach(counts, "first.begins")
                + " FROM (SELECT ? AS begins) AS first UNION ALL SELECT step.begins + ?, "
                + hasEach(counts, "step.begins + ?") + " FROM step WHERE NOT step.is_found AND step.begins + ? < ?)"
                + " SELECT begins FROM step WHERE is_found ORDER BY begins LIMIT 1";
    }

    private static String hasEach(List<Integer> counts, String begin) {
        return counts.stream()
                .map(count ->
                        "EXISTS (SELECT 1 FROM ledger_sum s WHERE s.grain = ? AND s.dimension = ? AND s.begins_at = "
                                + begin + " AND s.value IN (?" + ", ?".repeat(count - 1) + "))")
                .collect(Collectors.joining(" AND "));
    }

    /** The ids of the tasks whose calls cost most, among those that began between two times and meet {@code condition}. */
    static String topTasks(String condition) {
        return "SELECT l.task_id FROM ledger l WHERE l.task_id IS NOT NULL AND l.started_at >= ? AND l.started_at < ?"
                + condition
                + " GROUP BY l.task_id ORDER BY " + MILLIONS + " + (" + REST + " - " + POSITIVE_REST
                + ") / 1000000 DESC, "
                + POSITIVE_REST + " DESC, l.task_id LIMIT ?";
    }

    /** Up to where the sums go, and as the last column whether calls leave out what is usual. */
    static String untilForShare(SqlDialect dialect) {
        return "SELECT until, minutes_from, " + dialect.compactCalls() + " FROM ledger_folded WHERE id = 1"
                + dialect.forShare();
    }

    /** Up to where the sums go, and as the last column whether zeros of sums are NULL. */
    static String untilForUpdate(SqlDialect dialect) {
        return "SELECT until, minutes_from, " + dialect.compactSums() + " FROM ledger_folded WHERE id = 1"
                + dialect.forUpdate();
    }
}

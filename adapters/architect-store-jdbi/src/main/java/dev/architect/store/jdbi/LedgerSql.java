package dev.architect.store.jdbi;

/**
 * Statements on the ledger. A sum of amounts is taken in two parts, millions and the rest, because the sum of their 64-bit
 * numbers would overflow or lose digits; {@link LedgerRow} joins them.
 */
final class LedgerSql {

    static final String INSERT =
            "INSERT INTO ledger (call_id, request_id, task_id, epoch, project, user_id, tags, complexity, position,"
                    + " provider, model, answered_provider, answered_model, started_at, duration, outcome, failure, usage,"
                    + " usage_source, prompt_tokens, completion_tokens, cost_status, cost, computed, baseline_status, baseline,"
                    + " catalogue, stop_reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                    // A call may be recorded again after a commit of unknown
                    // outcome; its id makes that change nothing.
                    + " ON CONFLICT DO NOTHING";

    static final String OF_TASK = "SELECT * FROM ledger WHERE task_id = ? ORDER BY started_at, sequence";

    static final String NEWEST = "SELECT * FROM ledger ORDER BY started_at DESC, sequence DESC LIMIT ?";

    private static final String EXACT = "FILTER (WHERE l.cost_status IN ('PRICED', 'STATED'))";
    private static final String ESTIMATED = "FILTER (WHERE l.cost_status = 'ESTIMATED')";
    // The outcome of the attempt (1 is a success) is joined, since it is known only after the row was written.
    private static final String ACCEPTED = "l.outcome = 'ANSWERED' AND (l.task_id IS NULL OR a.outcome = 1)";
    /** Unpriced calls are left out of both sides of the comparison. */
    private static final String COMPARED = "FILTER (WHERE " + ACCEPTED + " AND l.cost IS NOT NULL)";

    /** What each provider did between two times, which are bound twice: for the requests that met a failure, and for all. */
    static final String SPEND = "WITH failed AS (SELECT request_id, min(position) AS position FROM ledger"
            + " WHERE outcome = 'FAILED' AND started_at >= ? AND started_at < ? GROUP BY request_id)"
            + " SELECT l.provider, count(*) AS calls,"
            + " count(*) FILTER (WHERE l.outcome = 'FAILED') AS failed_calls,"
            // A call of the same candidate was sent once more on another connection, which is no failover.
            + " count(*) FILTER (WHERE l.outcome = 'ANSWERED' AND f.position < l.position) AS failovers,"
            + " count(*) FILTER (WHERE " + ACCEPTED + ") AS requests,"
            + " sum(l.prompt_tokens) AS input_tokens, sum(l.completion_tokens) AS output_tokens,"
            + halves("l.cost", EXACT, "exact")
            + halves("l.cost", ESTIMATED, "estimated")
            + halves("l.baseline", COMPARED, "baseline")
            + " count(*) FILTER (WHERE l.cost_status = 'UNPRICED') AS unpriced_calls"
            + " FROM ledger l LEFT JOIN task_attempt a ON a.task_id = l.task_id AND a.epoch = l.epoch"
            + " LEFT JOIN failed f ON f.request_id = l.request_id"
            + " WHERE l.started_at >= ? AND l.started_at < ? GROUP BY l.provider ORDER BY l.provider";

    /** The nearest ranks of the durations of answered calls between two times. */
    static final String PERCENTILES = "SELECT provider, min(duration) AS p50, max(duration) AS p95 FROM ("
            + "SELECT provider, duration, row_number() OVER (PARTITION BY provider ORDER BY duration) AS rank,"
            + " count(*) OVER (PARTITION BY provider) AS n"
            + " FROM ledger WHERE started_at >= ? AND started_at < ? AND outcome = 'ANSWERED') AS ranked"
            // Adding 99 before the division rounds the rank up in whole
            // numbers, so no result depends on floating point.
            + " WHERE rank = (n * 50 + 99) / 100 OR rank = (n * 95 + 99) / 100 GROUP BY provider";

    private LedgerSql() {}

    private static String halves(String column, String filter, String name) {
        return " sum(" + column + " / 1000000) " + filter + " AS " + name + "_millions," + " sum(" + column
                + " % 1000000) " + filter + " AS " + name + "_rest,";
    }
}

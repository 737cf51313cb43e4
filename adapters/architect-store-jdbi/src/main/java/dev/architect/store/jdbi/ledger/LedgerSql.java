package dev.architect.store.jdbi.ledger;

import dev.architect.cost.SpendDimension;
import dev.architect.store.jdbi.SqlDialect;

/** Statements on the calls of the ledger; {@link RollupSql} has those on their sums. */
final class LedgerSql {

    static final String INSERT =
            "INSERT INTO ledger (call_id, request_id, task_id, epoch, project, user_id, tags, complexity, position,"
                    + " provider, model, answered_provider, answered_model, started_at, duration, outcome, failure, usage,"
                    + " usage_source, prompt_tokens, completion_tokens, cost_status, cost, computed, baseline_status, baseline,"
                    + " catalogue, stop_reason, service_tier, region, provider_request_id, task_type)"
                    // Not VALUES: of these a host's driver may make one statement for many rows, and then nobody knows
                    // which were
                    // added. Without WHERE, SQLite takes ON for a join.
                    + " SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                    + " (SELECT t.number FROM ledger_type t WHERE t.name = ?) WHERE TRUE"
                    // A call may be recorded again after a commit of unknown
                    // outcome; its id makes that change nothing.
                    + " ON CONFLICT DO NOTHING";

    /** Keeps the name of a type of tasks, unless it is there: the same name twice. */
    static final String ADD_TYPE = "INSERT INTO ledger_type (name) SELECT ?"
            + " WHERE NOT EXISTS (SELECT 1 FROM ledger_type t WHERE t.name = ?) ON CONFLICT DO NOTHING";

    private static final String TYPE = "(SELECT t.name FROM ledger_type t WHERE t.number = l.task_type)";

    /** All columns of {@code ledger l}, as {@link LedgerRow} reads them. */
    private static final String CALL = "SELECT l.*, " + TYPE + " AS type_name";

    static final String OF_TASK = CALL + " FROM ledger l WHERE l.task_id = ? ORDER BY l.started_at, l.sequence";

    static final String NEWEST = CALL + " FROM ledger l ORDER BY l.started_at DESC, l.sequence DESC LIMIT ?";

    /** Deletes a call that the sums have whole. */
    static final String PURGE = "DELETE FROM ledger WHERE call_id = ? AND started_at = ? AND started_at < ?"
            + " AND NOT EXISTS (SELECT 1 FROM ledger_pending p"
            + " WHERE p.started_at = ledger.started_at AND p.sequence = ledger.sequence)";

    /** The calls of tasks that began at some times. */
    static String tasksAt(SqlDialect dialect, int times) {
        return "SELECT started_at, call_id, task_id FROM ledger WHERE task_id IS NOT NULL AND started_at "
                + dialect.isOneOf(times);
    }

    /** Deletes the attempts of a task that is deleted, and whose last call is too. */
    static final String PURGE_ATTEMPTS = "DELETE FROM task_attempt WHERE task_id = ?"
            + " AND NOT EXISTS (SELECT 1 FROM task t WHERE t.id = task_attempt.task_id)"
            + " AND NOT EXISTS (SELECT 1 FROM ledger c WHERE c.task_id = task_attempt.task_id)";

    /** The parameter of {@link #call} and {@link #ofRequest}. */
    static final String ID = "id";

    /** The columns that {@link MeteredReader} reads; when those that most calls leave out are all NULL, it reads none of them. */
    private static final String METERED = "SELECT l.started_at, l.call_id, l.provider, l.model, l.prompt_tokens,"
            + " l.completion_tokens, l.cost, CASE WHEN l.computed IS NULL AND coalesce(l.answered_provider, l.answered_model,"
            + " l.usage, l.usage_source, l.cost_status, l.service_tier, l.region) IS NULL THEN 0 ELSE 1 END,"
            + " l.answered_provider, l.answered_model, l.usage, l.usage_source, l.cost_status, l.computed, l.service_tier,"
            + " l.region";

    private LedgerSql() {}

    /** The call with an id. In no order: for the sake of one, a planner might read the index of times instead. */
    static String call(SqlDialect dialect) {
        return CALL + " FROM ledger l WHERE " + dialect.isId("call_id", ID);
    }

    /** The calls of a request: the one that has its id, and those that an index of its own has. */
    static String ofRequest(SqlDialect dialect) {
        return CALL + " FROM ledger l WHERE " + dialect.isId("call_id", ID)
                + " AND (request_id IS NULL OR request_id = call_id)"
                + " UNION ALL " + CALL + " FROM ledger l WHERE request_id = :" + ID + " AND request_id <> call_id";
    }

    /** The calls between two times that meet {@code condition}, by begin and id: the first ones, or those after a position. */
    static String page(SqlDialect dialect, boolean hasPosition, String condition) {
        return CALL + ordered(dialect, hasPosition, condition);
    }

    /** What pricing needs of the same calls, with their group in {@code dimension} where the other columns do not say it. */
    static String metered(SqlDialect dialect, boolean hasPosition, String condition, SpendDimension dimension) {
        String group = switch (dimension) {
            case PROJECT -> ", l.project";
            case USER, KEY -> ", coalesce(l.user_id, '')";
            case TASK_TYPE -> ", coalesce(" + TYPE + ", '')";
            case COMPLEXITY -> ", l.complexity";
            case OUTCOME -> ", coalesce(l.outcome, 'ANSWERED')";
            case PROVIDER, MODEL, COST_STATUS, SERVICE_TIER, REGION -> "";
        };
        return METERED + group + ordered(dialect, hasPosition, condition);
    }

    private static String ordered(SqlDialect dialect, boolean hasPosition, String condition) {
        return between(dialect, hasPosition) + condition + " ORDER BY l.started_at, " + dialect.binaryOrder("l.call_id")
                + " LIMIT ?";
    }

    private static String between(SqlDialect dialect, boolean hasPosition) {
        return " FROM ledger l WHERE l.started_at >= ? AND l.started_at < ?"
                // The position's own microsecond is the first that is read, so the index is entered there.
                + (hasPosition ? " AND (l.started_at > ? OR " + dialect.binaryOrder("l.call_id") + " > ?)" : "");
    }

    /** How many calls there are between two times, as far as a limit, and when the last of these began: from the index alone. */
    static String looked(SqlDialect dialect, boolean hasPosition) {
        return "SELECT count(*) AS n, max(started_at) AS last FROM (SELECT l.started_at" + between(dialect, hasPosition)
                + " ORDER BY l.started_at LIMIT ?) AS looked";
    }

    /** The last call that began before a time. */
    static String lastBefore(SqlDialect dialect) {
        return "SELECT l.started_at, l.call_id FROM ledger l WHERE l.started_at < ? ORDER BY l.started_at DESC, "
                + dialect.binaryOrder("l.call_id") + " DESC LIMIT 1";
    }
}

package dev.architect.store.jdbi.task;

import dev.architect.store.jdbi.RowsInsert;
import dev.architect.store.jdbi.SqlDialect;

/**
 * Statements on shards and on tasks that move between stores. The shard of a task is the low eight bits of its id and in no index, so a
 * part of a shard is found by a walk over a bounded part of all ids.
 */
final class ShardSql {

    static final String NUMBER = "SELECT max(store) FROM shard_place";

    static final String PLACES = "SELECT shard, epoch, phase FROM shard_place ORDER BY shard";

    static final String JOIN =
            "INSERT INTO shard_place (shard, epoch, phase, store) VALUES (?, 1, ?, ?) ON CONFLICT (shard) DO NOTHING";

    static final String ANY_TASK = "SELECT 1 FROM task LIMIT 1";

    static final String PLACE = "SELECT epoch, phase FROM shard_place WHERE shard = ?";

    static final String SET_PLACE = "UPDATE shard_place SET epoch = ?, phase = ? WHERE shard = ?";

    private static final String WALK = "FROM (SELECT id FROM task WHERE id > ? ORDER BY id LIMIT ?) AS w";

    static final String PART = "SELECT id " + WALK + " WHERE id & 255 = ? ORDER BY id LIMIT ?";

    static final String WALKED = "SELECT max(id) AS last, count(*) AS n " + WALK;

    /** Before they are read, so that nothing changes until they are out of reach. */
    static String lock(SqlDialect dialect, int count) {
        return "SELECT id FROM task WHERE id " + dialect.isOneOf(count) + " ORDER BY id" + dialect.forUpdate();
    }

    static String tasks(SqlDialect dialect, int count) {
        return "SELECT " + TaskRow.COLUMNS
                + ", t.crashes, t.snoozes, t.snoozed_at, t.owner, t.claimed_at, t.expire_at, t.ends_by, r.output,"
                + " r.error FROM task t LEFT JOIN lane l ON l.id = t.lane LEFT JOIN task_project p ON p.id = t.project"
                + " LEFT JOIN task_body b ON b.id = t.id " + dialect.resultJoin() + "WHERE t.id "
                + dialect.isOneOf(count) + " ORDER BY t.id";
    }

    static String inputs(SqlDialect dialect, int count) {
        return "SELECT id, input FROM task_input WHERE id " + dialect.isOneOf(count);
    }

    static String attempts(SqlDialect dialect, int count) {
        return "SELECT task_id, epoch, session, started_at, ended_at, outcome, error, incarnation, basis FROM task_attempt"
                + " WHERE task_id "
                + dialect.isOneOf(count) + " ORDER BY task_id, epoch";
    }

    static final String HAND_BACK = "UPDATE task SET state = 0, attempt = attempt - 1, owner = NULL"
            + " WHERE id = ? AND state = 1 RETURNING lane";

    /** No statement on tasks names a negative state, so none of them finds the row. */
    static String take(SqlDialect dialect, int count) {
        return "UPDATE task SET state = -1 - state WHERE id " + dialect.isOneOf(count)
                + " AND state >= 0 AND state <> 1 RETURNING lane, -1 - state AS state";
    }

    static String giveBack(SqlDialect dialect, int count) {
        // The permit of one that was ready may belong to another by now.
        return "UPDATE task SET state = CASE WHEN state = -1 THEN " + LimitKeys.READY_OR_LIMITED
                + " ELSE -1 - state END WHERE id " + dialect.isOneOf(count) + " AND state < 0 RETURNING lane, state";
    }

    static String existing(SqlDialect dialect, int count) {
        return "SELECT id FROM task WHERE id " + dialect.isOneOf(count);
    }

    static final RowsInsert INSERT_TASKS = new RowsInsert(
            "task (id, epoch, sort_key, due_at, snoozed_at, done_at, created_at, lane, project, state, level, flags,"
                    + " attempt, max_attempts, crashes, snoozes, unique_key, expire_at, ends_by, limit_key, pending)",
            21);

    /** For a database whose index by time is on the bodies. */
    static final RowsInsert INSERT_DATED_BODIES = new RowsInsert(
            "task_body (id, payload, attributes, user_id, tags, timeout, delay, options, created_at)", 9);

    static final RowsInsert INSERT_BODIES =
            new RowsInsert("task_body (id, payload, attributes, user_id, tags, timeout, delay, options)", 8);

    static final RowsInsert INSERT_INPUTS = new RowsInsert("task_input (id, input)", 2);

    static final RowsInsert INSERT_ATTEMPTS = new RowsInsert(
            "task_attempt (task_id, epoch, session, started_at, ended_at, outcome, error, incarnation, basis)", 9);

    /** For a database whose last attempt of a task has the result. */
    static final RowsInsert INSERT_FULL_ATTEMPTS = new RowsInsert(
            "task_attempt (task_id, epoch, session, started_at, ended_at, outcome, error, incarnation, basis,"
                    + " output, stop_reason)",
            11);

    static final String PROJECTS = "SELECT id, name FROM task_project";

    static final String KEYS = "SELECT name, request_hash, task_id, expires_at FROM idempotency_key"
            + " WHERE project = :project AND name > :after AND expires_at > :now ORDER BY name LIMIT :limit";

    static final String ADD_KEY =
            "INSERT INTO idempotency_key (project, name, request_hash, task_id, expires_at) VALUES (?, ?, ?, ?, ?)"
                    + " ON CONFLICT (project, name) DO NOTHING";

    static final String DELETE_KEYS = "DELETE FROM idempotency_key WHERE project = ? AND name IN"
            + " (SELECT name FROM idempotency_key WHERE project = ? LIMIT ?)";

    static String deleteTasks(SqlDialect dialect, int count) {
        return "DELETE FROM task WHERE id " + dialect.isOneOf(count) + " RETURNING lane, state";
    }

    static String deleteFrom(String table, SqlDialect dialect, int count) {
        return "DELETE FROM " + table + " WHERE id " + dialect.isOneOf(count);
    }

    static String deleteAttempts(SqlDialect dialect, int count) {
        return "DELETE FROM task_attempt WHERE task_id " + dialect.isOneOf(count);
    }

    /** Whether a call was accepted is read from its attempt, which therefore stays as long as the call does. */
    static String deleteAttemptsWithoutCalls(SqlDialect dialect, int count) {
        return deleteAttempts(dialect, count)
                + " AND NOT EXISTS (SELECT 1 FROM ledger c WHERE c.task_id = task_attempt.task_id)";
    }

    static String dropOutputs(SqlDialect dialect, int count) {
        return "UPDATE task_attempt SET output = NULL WHERE output IS NOT NULL AND task_id " + dialect.isOneOf(count);
    }

    private ShardSql() {}
}

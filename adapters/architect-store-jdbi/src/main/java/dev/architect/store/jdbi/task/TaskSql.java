package dev.architect.store.jdbi.task;

import dev.architect.store.jdbi.RowsInsert;
import dev.architect.store.jdbi.SqlDialect;

/**
 * The hot statements on tasks. State numbers are literals, never bound: a bound state cannot use a partial index. A write of
 * an attempt is conditional on id, epoch and owner, and never on the state, which the owner implies.
 */
final class TaskSql {

    /** A level is 30 seconds of microseconds. */
    static String promote(SqlDialect dialect) {
        // The due time is the moment it became ready, so a task keeps its turn when the promotion runs late. But no
        // longer ago than
        // one level: what an outage has left behind would keep urgent work waiting until all of it is done.
        return "UPDATE task SET state = " + LimitKeys.READY_OR_LIMITED
                + ", sort_key = CASE WHEN due_at > ? THEN due_at ELSE ? END + level * 30000000,"
                + " due_at = NULL WHERE id "
                + dialect.isPicked("SELECT id FROM task WHERE state = 2 AND due_at <= ? ORDER BY due_at LIMIT ?")
                + " RETURNING id, lane, state, limit_key";
    }

    /** What stands behind a condition on a ready task: those of shards that arrive or leave are not claimed. */
    static final String SHARD_IS_SERVED = " AND id & 255 NOT IN (SELECT shard FROM shard_place WHERE phase <> 0)";

    /** The same for those whose time is over. */
    private static final String IS_IN_TIME = " AND (expire_at IS NULL OR expire_at > ?)";

    static final String LANE_VERSION = "SELECT coalesce((SELECT version FROM lane_version WHERE id = 1), 0)";

    /** For nodes that leave tasks to others for a while. */
    private static final String IS_NOT_WITHHELD = TaskRow.isNotWithheld("?", "?");

    static final String NEXT_OF_LANE = nextOfLane("");
    static final String NEXT_OF_LANE_NOT_WITHHELD = nextOfLane(IS_NOT_WITHHELD);

    private static String nextOfLane(String condition) {
        return "SELECT sort_key, id FROM task WHERE state = 0 AND crashes < 2 AND lane = ?" + SHARD_IS_SERVED
                + condition + " ORDER BY sort_key, id LIMIT ?";
    }

    static final String CLAIM = claim("crashes < 2", "");
    static final String CLAIM_NOT_WITHHELD = claim("crashes < 2", IS_NOT_WITHHELD);

    /** Tasks that one more crash makes dead, which are claimed one at a time. */
    static final String CLAIM_SUSPECT = claim("crashes >= 2", "");

    static final String CLAIM_SUSPECT_NOT_WITHHELD = claim("crashes >= 2", IS_NOT_WITHHELD);

    private static String claim(String crashes, String condition) {
        return "UPDATE task SET state = 1, epoch = epoch + 1, attempt = attempt + 1, owner = ?,"
                + " claimed_at = ? WHERE id IN (SELECT id FROM task WHERE state = 0 AND " + crashes
                + " AND lane = ?" + SHARD_IS_SERVED + IS_IN_TIME + condition + " ORDER BY sort_key, id LIMIT ?)"
                // In the same statement, so that a node cannot be declared dead between a check and the claim.
                + " AND EXISTS (SELECT 1 FROM node WHERE incarnation = ? AND state = 0)"
                + " RETURNING " + ClaimedRow.COLUMNS;
    }

    /** The bodies of tasks whose ids follow. */
    static final String BODIES = "SELECT id, " + TaskBody.COLUMNS + " FROM task_body WHERE";

    /** Ends attempts that have all but the id of their task in common, and returns the tasks whose attempts they were. */
    static String finish(SqlDialect dialect, int count) {
        return finish("?", dialect, count);
    }

    /** The same for tasks that are to be held. One whose cancellation was requested is ready instead: its next claim cancels it, and a held one waits for a resume. */
    static String finishHeld(SqlDialect dialect, int count) {
        return finish("CASE WHEN flags & 1 <> 0 THEN 0 ELSE ? END", dialect, count);
    }

    private static String finish(String state, SqlDialect dialect, int count) {
        return "UPDATE task SET state = " + state
                + ", due_at = ?, done_at = ?, attempt = attempt - ?, snoozes = snoozes + ?, owner = NULL,"
                // The right side sees the row as it was: a row of snoozes keeps the time of the first.
                + " snoozed_at = CASE ? WHEN 1 THEN coalesce(snoozed_at, ?) WHEN 2 THEN snoozed_at END,"
                // One that has begun may wait until its last deadline.
                + " expire_at = CASE WHEN ? = 0 THEN ends_by ELSE expire_at END"
                + " WHERE epoch = ? AND owner = ? AND id " + dialect.isOneOf(count)
                + " RETURNING id, state, lane, limit_key, flags";
    }

    static final RowsInsert INSERT_ATTEMPTS = new RowsInsert(
            "task_attempt (task_id, epoch, incarnation, session, started_at, ended_at, outcome, error)", 8);

    static final RowsInsert INSERT_RESULTS = new RowsInsert("task_result (id, epoch, output, error, stop_reason)", 5);

    /** Takes a key that is free or has expired; changes nothing when it is taken. */
    static final String TAKE_KEY = "INSERT INTO idempotency_key (project, name, request_hash, task_id, expires_at)"
            + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (project, name) DO UPDATE SET request_hash = excluded.request_hash,"
            + " task_id = excluded.task_id, expires_at = excluded.expires_at WHERE idempotency_key.expires_at <= ?";

    static final String FIND_KEY = "SELECT request_hash, task_id FROM idempotency_key WHERE project = ? AND name = ?";

    static String stateOf(SqlDialect dialect) {
        return "SELECT id, state, lane, limit_key, flags FROM task WHERE id = ?" + dialect.forUpdate();
    }

    static final String CANCEL_WAITING =
            "UPDATE task SET state = 12, done_at = ?, due_at = NULL WHERE id = ? AND state IN (0, 2, 3, 4, 5)";

    static final String CANCEL_RUNNING = "UPDATE task SET flags = flags | 1 WHERE id = ? AND state = 1";

    /** Takes back from nodes that are not alive only. */
    static String reap(SqlDialect dialect) {
        return "UPDATE task SET state = CASE WHEN crashes >= 2 THEN 11 ELSE 0 END,"
                // The right sides see the row as it was: two crashes before
                // this one make MAX_CRASHES. The attempt is not counted.
                + " done_at = CASE WHEN crashes >= 2 THEN ? END, crashes = crashes + 1, attempt = attempt - 1, owner = NULL,"
                + " expire_at = ends_by WHERE id "
                + dialect.isPicked("SELECT id FROM task WHERE state = 1 AND owner = ? ORDER BY id LIMIT ?")
                + " AND NOT EXISTS (SELECT 1 FROM node WHERE incarnation = ? AND state IN (0, 1))"
                + " RETURNING id, epoch, state, claimed_at, lane, limit_key, flags";
    }

    static final String NEXT_DUE = "SELECT min(due_at) FROM task WHERE state = 2";

    static final String RUNNING_OF = "SELECT id, epoch FROM task WHERE state = 1 AND owner = ?";

    static final String CANCEL_ASKED = RUNNING_OF + " AND flags & 1 <> 0";

    /** Without a condition on the state: statistics of an empty table would lead the planner to walk all ended tasks. */
    static String result(SqlDialect dialect) {
        return "SELECT t.id, t.state, t.expire_at, t.ends_by, r.stop_reason, r.output, r.error FROM task t "
                + dialect.resultJoin() + "WHERE t.id = ?";
    }

    /** Ended ones of {@code count} tasks, on their way to another store or not. The plus keeps the planner from walking all ended tasks instead of the given ones. */
    static String ended(SqlDialect dialect, int count) {
        return "SELECT id FROM task WHERE (+state >= 10 OR +state <= -11) AND id " + dialect.isOneOf(count);
    }

    static final String RUNNING_ATTEMPT = "SELECT epoch, owner FROM task WHERE id = ? AND state = 1";

    static final String ATTEMPTS =
            "SELECT task_id, epoch, session, started_at, ended_at, outcome, error, incarnation, basis"
                    + " FROM task_attempt WHERE task_id = ? ORDER BY epoch";

    static String counts(SqlDialect dialect) {
        return "SELECT state, sum(n) AS n FROM " + dialect.counts() + " AS c GROUP BY state HAVING sum(n) <> 0";
    }

    private TaskSql() {}
}

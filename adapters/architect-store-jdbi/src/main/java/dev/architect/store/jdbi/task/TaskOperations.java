package dev.architect.store.jdbi.task;

import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.FencingToken;
import dev.architect.change.ChangeTopic;
import dev.architect.maintenance.PurgeCursor;
import dev.architect.maintenance.TaskRetention;
import dev.architect.spi.TaskStore;
import dev.architect.store.jdbi.Columns;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.SqlDialect;
import dev.architect.store.jdbi.StoredText;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.store.jdbi.dependency.DependencyRows;
import dev.architect.store.jdbi.step.StepRows;
import dev.architect.submission.IdempotencyKey;
import dev.architect.task.TaskId;
import dev.architect.task.TaskState;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** What operators and the retention do with tasks. Each change runs in a transaction of its caller. */
final class TaskOperations {

    /** What {@link #move} reads. */
    private static final String RETURNING = " RETURNING id, lane, state, limit_key, flags";

    static final String RUNNING = "SELECT epoch, owner, claimed_at FROM task WHERE id = ? AND state = 1";

    static final String FORCE_CANCEL = "UPDATE task SET state = 12, done_at = ?, owner = NULL, snoozed_at = NULL"
            + " WHERE id = ? AND epoch = ? AND owner = ?" + RETURNING;

    /** What a held task becomes: its parents come first, then its due time. A level is 30 seconds of microseconds. Has the time three times. */
    static final String RESUMED =
            "state = CASE WHEN pending > 0 THEN 3 WHEN due_at > ? THEN 2 ELSE " + LimitKeys.READY_OR_LIMITED + " END,"
                    + " due_at = CASE WHEN pending > 0 OR due_at > ? THEN due_at END, sort_key = ? + level * 30000000";

    static final String RESUME =
            "UPDATE task SET " + RESUMED + ", flags = flags | ? WHERE id = ? AND state = 5" + RETURNING;

    static final String SAVE_INPUT = "INSERT INTO task_input (id, input) VALUES (?, ?)"
            + " ON CONFLICT (id) DO UPDATE SET input = excluded.input";

    static final String INPUT = "SELECT input FROM task_input WHERE id = ?";

    static final String DELETE_RESULT = "DELETE FROM task_result WHERE id = ?";

    private static final String WALK =
            " WHERE (w.created_at, w.id) > (?, ?) AND w.created_at < ? ORDER BY w.created_at, w.id LIMIT ?";

    /** The index by time of creation has the order; what is younger than the shortest retention cannot have ended long ago. */
    static String oldest(SqlDialect dialect) {
        return "SELECT t.id, t.created_at, t.state, t.done_at, t.flags FROM "
                + (dialect.createdIn().equals("task")
                        ? "task t"
                        : dialect.createdIn() + " w JOIN task t ON t.id = w.id")
                + WALK.replace("w.", dialect.createdIn().equals("task") ? "t." : "w.");
    }

    /** One that has got children since it was looked at stays. */
    static final String DELETE = "DELETE FROM task WHERE id = ? AND state = ? AND done_at < ? AND flags & 32 = 0"
            + " RETURNING lane, flags, pending";

    /** For one whose children were looked at in the same transaction. */
    static final String DELETE_PARENT = DELETE.replace(" AND flags & 32 = 0", "");

    private static final String LOCK = "SELECT id FROM task WHERE id = ?";

    /** Whether a call was accepted is read from its attempt: one that succeeded stays as long as the ledger has its calls. */
    static final List<String> DELETE_PARTS = List.of(
            "DELETE FROM task_body WHERE id = ?",
            "DELETE FROM task_input WHERE id = ?",
            "DELETE FROM task_attempt WHERE task_id = ? AND NOT (outcome = 1 AND EXISTS (SELECT 1 FROM ledger c"
                    + " WHERE c.task_id = task_attempt.task_id AND c.epoch = task_attempt.epoch))");

    static final String DROP_OUTPUT = "UPDATE task_attempt SET output = NULL WHERE output IS NOT NULL AND task_id = ?";

    static final String DELETE_EXPIRED_KEYS = "DELETE FROM idempotency_key WHERE (project, name) IN"
            + " (SELECT project, name FROM idempotency_key WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)";

    static final String HAS_EXPIRED_KEY = "SELECT 1 FROM idempotency_key WHERE expires_at <= ? LIMIT 1";

    private TaskOperations() {}

    /** The statement that holds a task of {@code state}; one for each, so that the counts know which it was. */
    static String hold(TaskState state) {
        return "UPDATE task SET state = 5 WHERE id = ? AND state = " + state.number() + " AND flags & 1 = 0"
                + RETURNING;
    }

    static String redrive(TaskState state) {
        return "UPDATE task SET state = " + LimitKeys.READY_OR_LIMITED
                + ", sort_key = ? + level * 30000000, attempt = 0, crashes = 0, snoozes = 0,"
                + " flags = flags - (flags & 1), snoozed_at = NULL, done_at = NULL WHERE id = ? AND state = "
                + state.number() + RETURNING;
    }

    static Optional<FencingToken> forceCancel(WriteConnection sql, TaskId id, Instant now, LimitKeys keys)
            throws SQLException {
        PreparedStatement select = sql.prepare(RUNNING);
        select.setLong(1, id.value());
        FencingToken fencingToken;
        Instant claimedAt;
        try (ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            fencingToken = new FencingToken(id, row.getLong("epoch"), row.getLong("owner"));
            claimedAt = Micros.instant(row.getLong("claimed_at"));
        }
        PreparedStatement end = sql.prepare(FORCE_CANCEL);
        end.setLong(1, Micros.of(now));
        end.setLong(2, id.value());
        end.setLong(3, fencingToken.epoch());
        end.setLong(4, fencingToken.owner());
        if (!move(sql, end, TaskState.RUNNING, keys)) {
            return Optional.empty();
        }
        TaskWrites.insertAttempt(
                sql,
                new TaskWrites.AttemptRow(
                        fencingToken, "", claimedAt, now, AttemptOutcome.CANCELLED, TaskStore.FORCED));
        return Optional.of(fencingToken);
    }

    static boolean hold(WriteConnection sql, TaskId id, LimitKeys keys) throws SQLException {
        for (TaskState state : List.of(TaskState.READY, TaskState.SCHEDULED, TaskState.LIMITED, TaskState.BLOCKED)) {
            PreparedStatement hold = sql.prepare(hold(state));
            hold.setLong(1, id.value());
            if (move(sql, hold, state, keys)) {
                return true;
            }
        }
        return false;
    }

    static boolean resume(WriteConnection sql, TaskId id, Optional<String> input, Instant now, LimitKeys keys)
            throws SQLException {
        PreparedStatement resume = sql.prepare(RESUME);
        for (int time = 1; time <= 3; time++) {
            resume.setLong(time, Micros.of(now));
        }
        resume.setInt(4, input.isPresent() ? TaskRow.HAS_INPUT : 0);
        resume.setLong(5, id.value());
        if (!move(sql, resume, TaskState.HELD, keys)) {
            return false;
        }
        if (input.isPresent()) {
            PreparedStatement save = sql.prepare(SAVE_INPUT);
            save.setLong(1, id.value());
            save.setString(2, StoredText.encode(input.get()));
            save.executeUpdate();
        }
        return true;
    }

    static Set<TaskId> redrive(WriteConnection sql, Collection<TaskId> ids, Instant now, LimitKeys keys)
            throws SQLException {
        Set<TaskId> redriven = new LinkedHashSet<>();
        // In one order, so that two callers with the same tasks cannot lock each other.
        List<TaskId> sorted = ids.stream().sorted().toList();
        UniqueKeys.Redrives options = new UniqueKeys.Redrives(sql, sorted, now);
        for (TaskId id : sorted) {
            if (options.isTaken(id)) {
                continue;
            }
            for (TaskState state : List.of(TaskState.DEAD, TaskState.CANCELLED, TaskState.EXPIRED)) {
                PreparedStatement redrive = sql.prepare(redrive(state));
                redrive.setLong(1, Micros.of(now));
                redrive.setLong(2, id.value());
                if (move(sql, redrive, state, keys)) {
                    if (sql.dialect().hasResultRows()) {
                        execute(sql, DELETE_RESULT, id.value());
                    }
                    options.redriven(id);
                    redriven.add(id);
                    break;
                }
            }
        }
        options.end();
        return redriven;
    }

    /** Runs a change of one task that returns {@link #RETURNING}, and counts it. */
    private static boolean move(WriteConnection sql, PreparedStatement change, TaskState from, LimitKeys keys)
            throws SQLException {
        StateCounts counts = new StateCounts();
        try (ResultSet row = change.executeQuery()) {
            if (!row.next()) {
                return false;
            }
            counts.move(row.getLong("lane"), from.number(), row.getInt("state"));
            keys.add(row);
            keys.ended(row);
            sql.changed(ChangeTopic.TASK, row.getLong("id"));
        }
        counts.save(sql);
        return true;
    }

    private static void execute(WriteConnection sql, String statement, long id) throws SQLException {
        PreparedStatement change = sql.prepare(statement);
        change.setLong(1, id);
        change.executeUpdate();
    }

    /** A task that was looked at for deletion; {@code cutoff} is empty unless it is old enough. */
    record Old(TaskId id, Instant createdAt, TaskState state, Optional<Long> cutoff, boolean hasChildren) {}

    /** Reads the oldest tasks after a cursor, whatever their state. */
    static List<Old> oldest(
            Handle handle,
            SqlDialect dialect,
            TaskRetention retention,
            Optional<PurgeCursor> after,
            int limit,
            Instant now) {
        return handle.createQuery(oldest(dialect))
                .bind(0, after.map(cursor -> Micros.of(cursor.createdAt())).orElse(Long.MIN_VALUE))
                .bind(1, after.map(cursor -> cursor.task().value()).orElse(Long.MIN_VALUE))
                .bind(2, Micros.of(now.minus(retention.shortest())))
                .bind(3, limit)
                .map((row, context) -> old(row, retention, now))
                .list();
    }

    private static Old old(ResultSet row, TaskRetention retention, Instant now) throws SQLException {
        TaskState state = TaskRow.state(row);
        Instant createdAt = Micros.instant(row.getLong("created_at"));
        Duration kept = retention.of(state);
        Optional<Long> cutoff =
                kept.equals(TaskRetention.FOREVER) ? Optional.empty() : Optional.of(Micros.of(now.minus(kept)));
        // On its way to another store, which deletes it in time.
        boolean isTaken = row.getInt("state") < 0;
        // Whoever repeats the submission gets this task.
        boolean isKept = isTaken
                || ((row.getInt("flags") & TaskRow.HAS_KEY) != 0
                        && createdAt.isAfter(now.minus(IdempotencyKey.RETENTION)));
        long doneAt = row.getLong("done_at");
        return new Old(
                new TaskId(row.getLong("id")),
                createdAt,
                state,
                isKept ? Optional.empty() : cutoff.filter(before -> doneAt < before),
                (row.getInt("flags") & DependencyRows.HAS_CHILDREN) != 0);
    }

    /** Deletes those that are old enough and still as they were read, and returns how many. */
    static int delete(WriteConnection sql, List<Old> tasks) throws SQLException {
        StateCounts counts = new StateCounts();
        int deleted = 0;
        List<Long> noted = new ArrayList<>();
        List<Long> children = new ArrayList<>();
        for (Old task : tasks) {
            if (task.cutoff().isEmpty()) {
                continue;
            }
            if (task.hasChildren() && isNeeded(sql, task.id())) {
                continue;
            }
            PreparedStatement delete = sql.prepare(task.hasChildren() ? DELETE_PARENT : DELETE);
            delete.setLong(1, task.id().value());
            delete.setInt(2, task.state().number());
            delete.setLong(3, task.cutoff().get());
            try (ResultSet row = delete.executeQuery()) {
                if (!row.next()) {
                    continue;
                }
                counts.add(row.getLong("lane"), task.state().number(), -1);
                if ((row.getInt("flags") & StepRows.HAS_NOTES) != 0) {
                    noted.add(task.id().value());
                }
                if (Columns.longOrNull(row, "pending") != null) {
                    children.add(task.id().value());
                }
            }
            for (String part : DELETE_PARTS) {
                execute(sql, part, task.id().value());
            }
            execute(
                    sql,
                    sql.dialect().hasResultRows() ? DELETE_RESULT : DROP_OUTPUT,
                    task.id().value());
            sql.changed(ChangeTopic.TASK, task.id().value());
            deleted++;
        }
        if (!noted.isEmpty()) {
            StepRows.delete(sql, noted);
        }
        if (!children.isEmpty()) {
            DependencyRows.deleteOf(sql, children);
        }
        counts.save(sql);
        return deleted;
    }

    /** The submission of a child locks the row, too: after the lock, no child is missed. */
    private static boolean isNeeded(WriteConnection sql, TaskId id) throws SQLException {
        if (!sql.dialect().forUpdate().isEmpty()) {
            PreparedStatement lock = sql.prepare(LOCK + sql.dialect().forUpdate());
            lock.setLong(1, id.value());
            lock.executeQuery().close();
        }
        return DependencyRows.isNeeded(sql, id.value());
    }

    static boolean hasExpiredKey(Handle handle, Instant now) {
        return handle.createQuery(HAS_EXPIRED_KEY)
                .bind(0, Micros.of(now))
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    static int deleteExpiredKeys(WriteConnection sql, Instant now, int limit) throws SQLException {
        PreparedStatement delete = sql.prepare(DELETE_EXPIRED_KEYS);
        delete.setLong(1, Micros.of(now));
        delete.setInt(2, limit);
        return delete.executeUpdate();
    }
}

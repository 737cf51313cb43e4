package dev.architect.store.jdbi.task;

import dev.architect.attempt.Attempt;
import dev.architect.attempt.AttemptBasis;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.lane.Lane.TypeInLane;
import dev.architect.spi.TaskStore;
import dev.architect.store.jdbi.Columns;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.SqlDialect;
import dev.architect.store.jdbi.StoredText;
import dev.architect.submission.TaskDeadlines;
import dev.architect.task.AffinityBucket;
import dev.architect.task.Priority;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskResult;
import dev.architect.task.TaskState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads tasks, results and attempts from rows. */
final class TaskRow {

    /** The flag of a task whose cancellation was requested. */
    static final int CANCEL_ASKED = 1;

    /** The flag of a task that was resumed with an input. */
    static final int HAS_INPUT = 2;

    /** The flag of a task that was submitted with an idempotency key. */
    static final int HAS_KEY = 4;

    /** The flag of a task that was edited while it waited. */
    static final int EDITED = 64;

    /** The flag of a task with an affinity key; its bucket is in the six bits before. */
    static final int HAS_AFFINITY = 16384;

    private static final int BUCKET_SHIFT = 8;

    /** What stands behind a condition on a ready task that may be left to another node: its buckets, and since when it is ready at the latest. */
    static String isNotWithheld(String buckets, String readySince) {
        return " AND ((flags & " + HAS_AFFINITY + ") = 0 OR ((" + buckets + " >> ((flags >> " + BUCKET_SHIFT
                + ") & 63)) & 1) = 0 OR sort_key - level * 30000000 <= " + readySince + ")";
    }

    /** The flags of the affinity key of a task; 0 without one. */
    static int affinityFlags(TaskRequest request) {
        // Pinned ones are in lanes of their own.
        return request.options()
                .affinity()
                .filter(key -> !request.options().isPinned())
                .map(key -> HAS_AFFINITY | AffinityBucket.of(key) << BUCKET_SHIFT)
                .orElse(0);
    }

    /** The type that a task is shown with whose stored form cannot be read. */
    static final String UNREADABLE_TYPE = "unreadable";

    /** The columns of {@link #task}, of {@code task t} with what belongs to it. */
    static final String COLUMNS = "t.id, t.epoch, t.attempt, t.flags, t.sort_key, t.level, l.type, p.name AS project,"
            + " t.max_attempts, t.state, t.due_at, t.done_at, t.created_at, r.stop_reason, b.payload, b.attributes,"
            + " b.user_id, b.tags, b.timeout, b.delay, b.options";

    private TaskRow() {}

    /** Selects {@link #COLUMNS}. Outer joins, so that the task's own table is read first and one that lacks its body is shown. */
    static String select(SqlDialect dialect) {
        return "SELECT " + COLUMNS + " FROM task t LEFT JOIN lane l ON l.id = t.lane"
                + " LEFT JOIN task_project p ON p.id = t.project LEFT JOIN task_body b ON b.id = t.id "
                + dialect.resultJoin();
    }

    /** The state of a row; one on its way to another store is read as it was before. */
    static TaskState state(ResultSet row) throws SQLException {
        int state = row.getInt("state");
        return TaskState.of(state < 0 ? -1 - state : state);
    }

    static Task task(ResultSet row) throws SQLException {
        return new Task(
                new TaskId(row.getLong("id")),
                request(row),
                state(row),
                row.getLong("epoch"),
                row.getInt("attempt"),
                (row.getInt("flags") & CANCEL_ASKED) != 0,
                Micros.instant(row.getLong("created_at")),
                Optional.ofNullable(instantOrNull(row, "due_at")),
                Optional.ofNullable(instantOrNull(row, "done_at")),
                Columns.stopReason(row));
    }

    /** One row that cannot be read must not hide the others, so it is shown without its body. */
    private static TaskRequest request(ResultSet row) throws SQLException {
        try {
            return readableRequest(row);
        } catch (RuntimeException malformed) {
            return TaskRequest.of(UNREADABLE_TYPE, "");
        }
    }

    private static TaskRequest readableRequest(ResultSet row) throws SQLException {
        return new TaskRequest(
                TypeInLane.parse(row.getString("type")).type(),
                String.valueOf(StoredText.read(row, "payload")),
                Columns.read(row.getString("attributes")),
                new Priority(row.getInt("level")),
                Columns.attribution(row.getString("project"), row),
                Micros.duration(row.getLong("timeout")),
                row.getInt("max_attempts"),
                Micros.duration(row.getLong("delay")),
                Columns.options(row.getString("options")));
    }

    /** Empty while the task has not ended. */
    static Optional<TaskResult> result(ResultSet row) throws SQLException {
        TaskState state = state(row);
        return state.isTerminal()
                ? Optional.of(new TaskResult(
                        new TaskId(row.getLong("id")),
                        state,
                        Optional.ofNullable(StoredText.read(row, "output")),
                        state == TaskState.EXPIRED
                                ? Optional.of(expiry(deadlines(row)))
                                : Optional.ofNullable(StoredText.read(row, "error")),
                        Columns.stopReason(row)))
                : Optional.empty();
    }

    /** Needs no row of its own: the deadlines say why. */
    private static String expiry(TaskDeadlines deadlines) {
        return deadlines.endsBy().isPresent() && deadlines.equals(deadlines.begun())
                ? TaskStore.NOT_DONE
                : TaskStore.NOT_BEGUN;
    }

    /** Reads the columns {@code expire_at} and {@code ends_by}. */
    static TaskDeadlines deadlines(ResultSet row) throws SQLException {
        return new TaskDeadlines(
                Optional.ofNullable(instantOrNull(row, "expire_at")),
                Optional.ofNullable(instantOrNull(row, "ends_by")));
    }

    static Attempt attempt(ResultSet row) throws SQLException {
        return new Attempt(
                new TaskId(row.getLong("task_id")),
                row.getLong("epoch"),
                row.getString("session"),
                Micros.instant(row.getLong("started_at")),
                Micros.instant(row.getLong("ended_at")),
                AttemptOutcome.of(row.getInt("outcome")),
                Optional.ofNullable(StoredText.read(row, "error")),
                row.getLong("incarnation"),
                Optional.ofNullable(StoredText.read(row, "basis")).flatMap(AttemptBasis::parse));
    }

    static @Nullable String text(Optional<AttemptBasis> basis) {
        return basis.map(AttemptBasis::text).map(StoredText::encode).orElse(null);
    }

    private static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
        Long micros = Columns.longOrNull(row, column);
        return micros == null ? null : Micros.instant(micros);
    }
}

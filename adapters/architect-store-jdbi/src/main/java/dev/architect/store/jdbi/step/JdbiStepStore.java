package dev.architect.store.jdbi.step;

import dev.architect.attempt.FencingToken;
import dev.architect.spi.TimeSource;
import dev.architect.step.AttemptLostException;
import dev.architect.step.OutputChunk;
import dev.architect.step.StepStore;
import dev.architect.step.TaskProgress;
import dev.architect.step.TaskStep;
import dev.architect.store.jdbi.LimitChecks;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.ReadConnections;
import dev.architect.store.jdbi.StoredText;
import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.task.TaskId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Steps, progress and partial output of tasks in a database. Safe for use by several threads. */
public final class JdbiStepStore implements StepStore {

    private static final String GUARD = "SELECT flags FROM task WHERE id = ? AND epoch = ? AND owner = ?";

    private static final String MARK = "UPDATE task SET flags = flags | " + StepRows.HAS_NOTES + " WHERE id = ?";

    private static final String FIND =
            "SELECT " + StepRows.STEP_COLUMNS + " FROM task_step WHERE task_id = ? AND step = ?";

    private static final String STEPS =
            "SELECT " + StepRows.STEP_COLUMNS + " FROM task_step WHERE task_id = ? ORDER BY number";

    private static final String RECORD = "INSERT INTO task_step (task_id, step, number, epoch, recorded_at, output)"
            + " SELECT ?, ?, (SELECT coalesce(max(number), 0) + 1 FROM task_step WHERE task_id = ?), ?, ?, ?";

    private static final String SAVE_PROGRESS = "INSERT INTO task_progress (" + StepRows.PROGRESS_COLUMNS
            + ") VALUES (?, ?, ?, ?, ?) ON CONFLICT (task_id) DO UPDATE SET percent = excluded.percent,"
            + " note = excluded.note, data = excluded.data, at = excluded.at";

    private static final String PROGRESS =
            "SELECT " + StepRows.PROGRESS_COLUMNS + " FROM task_progress WHERE task_id = ?";

    private static final String DELETE_EARLIER = "DELETE FROM task_output WHERE task_id = ? AND number <= ?";

    private static final String APPEND =
            "INSERT INTO task_output (task_id, number, chunk) VALUES (?, ?, ?) ON CONFLICT (task_id, number) DO NOTHING";

    private static final String OUTPUT =
            "SELECT number, chunk FROM task_output WHERE task_id = ? AND number > ? ORDER BY number LIMIT ?";

    private final TransactionalWrites writes;
    private final ReadConnections reads;
    private final TimeSource time;

    /**
     * Creates the store over the connections of one database.
     *
     * @param time the store's clock
     */
    public JdbiStepStore(TransactionalWrites writes, ReadConnections reads, TimeSource time) {
        this.writes = writes;
        this.reads = reads;
        this.time = time;
    }

    /** Locks the task of an attempt until the end of the transaction; false when the attempt has lost it. */
    private static boolean holds(WriteConnection sql, FencingToken token) throws SQLException {
        // For an update, since the first note of a task marks it: two that share a row cannot both go on to change it.
        PreparedStatement guard = sql.prepare(GUARD + sql.dialect().forUpdate());
        guard.setLong(1, token.id().value());
        guard.setLong(2, token.epoch());
        guard.setLong(3, token.owner());
        boolean isMarked;
        try (ResultSet row = guard.executeQuery()) {
            if (!row.next()) {
                return false;
            }
            isMarked = (row.getInt("flags") & StepRows.HAS_NOTES) != 0;
        }
        if (!isMarked) {
            PreparedStatement mark = sql.prepare(MARK);
            mark.setLong(1, token.id().value());
            mark.executeUpdate();
        }
        return true;
    }

    @Override
    public TaskStep record(FencingToken fencingToken, String name, String output) {
        TaskStep.checkName(name);
        TaskStep.checkOutput(output);
        return writes.write(sql -> {
            if (!holds(sql, fencingToken)) {
                throw new AttemptLostException(fencingToken);
            }
            TaskStep earlier = find(sql, fencingToken.id(), name);
            return earlier == null ? insert(sql, fencingToken, name, output, time.wallTime()) : earlier;
        });
    }

    private static @Nullable TaskStep find(WriteConnection sql, TaskId id, String name) throws SQLException {
        PreparedStatement find = sql.prepare(FIND);
        find.setLong(1, id.value());
        find.setString(2, StoredText.encode(name));
        try (ResultSet row = find.executeQuery()) {
            return row.next() ? StepRows.step(row) : null;
        }
    }

    private static TaskStep insert(WriteConnection sql, FencingToken token, String name, String output, Instant now)
            throws SQLException {
        PreparedStatement insert = sql.prepare(RECORD);
        insert.setLong(1, token.id().value());
        insert.setString(2, StoredText.encode(name));
        insert.setLong(3, token.id().value());
        insert.setLong(4, token.epoch());
        insert.setLong(5, Micros.of(now));
        insert.setString(6, StoredText.encode(output));
        insert.executeUpdate();
        return new TaskStep(name, token.epoch(), output, Micros.instant(Micros.of(now)));
    }

    @Override
    public Optional<TaskStep> step(TaskId id, String name) {
        return reads.read(handle -> handle.createQuery(FIND)
                .bind(0, id.value())
                .bind(1, StoredText.encode(name))
                .map((row, context) -> StepRows.step(row))
                .findOne());
    }

    @Override
    public List<TaskStep> steps(TaskId id) {
        return reads.read(handle -> handle.createQuery(STEPS)
                .bind(0, id.value())
                .map((row, context) -> StepRows.step(row))
                .list());
    }

    @Override
    public boolean saveProgress(FencingToken fencingToken, TaskProgress progress) {
        return writes.write(sql -> {
            if (!holds(sql, fencingToken)) {
                return false;
            }
            PreparedStatement save = sql.prepare(SAVE_PROGRESS);
            StepRows.bind(save, 1, fencingToken.id().value(), progress);
            save.executeUpdate();
            return true;
        });
    }

    @Override
    public Optional<TaskProgress> progress(TaskId id) {
        return reads.read(handle -> handle.createQuery(PROGRESS)
                .bind(0, id.value())
                .map((row, context) -> StepRows.progress(row))
                .findOne());
    }

    @Override
    public boolean append(FencingToken fencingToken, List<OutputChunk> chunks) {
        List<OutputChunk> copy = List.copyOf(chunks);
        if (copy.isEmpty()) {
            return true;
        }
        return writes.write(sql -> holds(sql, fencingToken) && append(sql, fencingToken, copy));
    }

    private static boolean append(WriteConnection sql, FencingToken token, List<OutputChunk> chunks)
            throws SQLException {
        long before = OutputChunk.firstOf(token.epoch());
        if (chunks.get(0).number() == before + 1) {
            PreparedStatement delete = sql.prepare(DELETE_EARLIER);
            delete.setLong(1, token.id().value());
            delete.setLong(2, before);
            delete.executeUpdate();
        }
        PreparedStatement insert = sql.prepare(APPEND);
        for (OutputChunk chunk : chunks) {
            insert.setLong(1, token.id().value());
            insert.setLong(2, chunk.number());
            insert.setString(3, StoredText.encode(chunk.text()));
            insert.executeUpdate();
        }
        return true;
    }

    @Override
    public List<OutputChunk> output(TaskId id, long after, int limit) {
        LimitChecks.checkPageLimit(limit, MAX_CHUNKS_READ);
        return reads.read(handle -> handle.createQuery(OUTPUT)
                .bind(0, id.value())
                .bind(1, after)
                .bind(2, limit)
                .map((row, context) ->
                        new OutputChunk(row.getLong("number"), String.valueOf(StoredText.read(row, "chunk"))))
                .list());
    }
}

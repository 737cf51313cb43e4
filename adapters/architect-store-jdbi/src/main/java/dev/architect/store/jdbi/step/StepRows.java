package dev.architect.store.jdbi.step;

import dev.architect.step.TaskProgress;
import dev.architect.step.TaskStep;
import dev.architect.store.jdbi.Columns;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.RowsInsert;
import dev.architect.store.jdbi.SqlDialect;
import dev.architect.store.jdbi.StoredText;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.task.TaskId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Rows of steps and progress, for one task and for many that move or are deleted. Each call runs in a transaction of its caller. */
public final class StepRows {

    /** The flag of a task that has steps, progress or output. */
    public static final int HAS_NOTES = 16;

    static final String STEP_COLUMNS = "task_id, step, epoch, recorded_at, output";
    static final String PROGRESS_COLUMNS = "task_id, percent, note, data, at";

    private static final List<String> TABLES = List.of("task_step", "task_progress", "task_output");

    private static final RowsInsert INSERT_STEPS =
            new RowsInsert("task_step (task_id, step, number, epoch, recorded_at, output)", 6);

    private static final RowsInsert INSERT_PROGRESS =
            new RowsInsert("task_progress (task_id, percent, note, data, at)", 5);

    private StepRows() {}

    private record StepOf(long task, int number, TaskStep step) {}

    private record ProgressOf(long task, TaskProgress progress) {}

    static TaskStep step(ResultSet row) throws SQLException {
        return new TaskStep(
                String.valueOf(StoredText.read(row, "step")),
                row.getLong("epoch"),
                String.valueOf(StoredText.read(row, "output")),
                Micros.instant(row.getLong("recorded_at")));
    }

    static TaskProgress progress(ResultSet row) throws SQLException {
        return new TaskProgress(
                row.getInt("percent"),
                String.valueOf(StoredText.read(row, "note")),
                Columns.read(row.getString("data")),
                Micros.instant(row.getLong("at")));
    }

    static void bind(PreparedStatement row, int first, long task, TaskProgress progress) throws SQLException {
        row.setLong(first, task);
        row.setInt(first + 1, progress.percent());
        row.setString(first + 2, StoredText.encode(progress.note()));
        row.setString(first + 3, Columns.write(progress.data()));
        row.setLong(first + 4, Micros.of(progress.at()));
    }

    /** Returns the steps of tasks, by the number of the task. */
    public static Map<Long, List<TaskStep>> stepsOf(WriteConnection sql, List<Long> ids) throws SQLException {
        Map<Long, List<TaskStep>> steps = new HashMap<>();
        PreparedStatement select = select(sql, STEP_COLUMNS + " FROM task_step", ids, " ORDER BY task_id, number");
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                steps.computeIfAbsent(row.getLong("task_id"), id -> new ArrayList<>())
                        .add(step(row));
            }
        }
        return steps;
    }

    /** Returns the progress of tasks, by the number of the task. */
    public static Map<Long, TaskProgress> progressOf(WriteConnection sql, List<Long> ids) throws SQLException {
        Map<Long, TaskProgress> progress = new HashMap<>();
        PreparedStatement select = select(sql, PROGRESS_COLUMNS + " FROM task_progress", ids, "");
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                progress.put(row.getLong("task_id"), progress(row));
            }
        }
        return progress;
    }

    private static PreparedStatement select(WriteConnection sql, String what, List<Long> ids, String order)
            throws SQLException {
        SqlDialect dialect = sql.dialect();
        PreparedStatement select =
                sql.prepare("SELECT " + what + " WHERE task_id " + dialect.isOneOf(ids.size()) + order);
        dialect.bindIds(select, 1, ids);
        return select;
    }

    /** Inserts what tasks that have come from another store had there. */
    public static void insert(
            WriteConnection sql, Map<TaskId, List<TaskStep>> steps, Map<TaskId, TaskProgress> progress)
            throws SQLException {
        List<StepOf> rows = new ArrayList<>();
        steps.forEach((task, list) -> {
            for (int i = 0; i < list.size(); i++) {
                rows.add(new StepOf(task.value(), i + 1, list.get(i)));
            }
        });
        INSERT_STEPS.insert(sql, rows, (row, first, of) -> {
            row.setLong(first, of.task());
            row.setString(first + 1, StoredText.encode(of.step().name()));
            row.setInt(first + 2, of.number());
            row.setLong(first + 3, of.step().epoch());
            row.setLong(first + 4, Micros.of(of.step().recordedAt()));
            row.setString(first + 5, StoredText.encode(of.step().output()));
        });
        List<ProgressOf> stated = new ArrayList<>();
        progress.forEach((task, each) -> stated.add(new ProgressOf(task.value(), each)));
        INSERT_PROGRESS.insert(sql, stated, (row, first, of) -> bind(row, first, of.task(), of.progress()));
    }

    /** Deletes everything of tasks that are deleted. */
    public static void delete(WriteConnection sql, List<Long> ids) throws SQLException {
        SqlDialect dialect = sql.dialect();
        for (String table : TABLES) {
            PreparedStatement delete =
                    sql.prepare("DELETE FROM " + table + " WHERE task_id " + dialect.isOneOf(ids.size()));
            dialect.bindIds(delete, 1, ids);
            delete.executeUpdate();
        }
    }
}

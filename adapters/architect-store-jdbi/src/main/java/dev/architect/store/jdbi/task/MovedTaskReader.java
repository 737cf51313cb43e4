package dev.architect.store.jdbi.task;

import dev.architect.attempt.Attempt;
import dev.architect.project.ProjectId;
import dev.architect.shard.MovedTask;
import dev.architect.step.TaskProgress;
import dev.architect.step.TaskStep;
import dev.architect.store.jdbi.Columns;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.SqlDialect;
import dev.architect.store.jdbi.StoredText;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.store.jdbi.dependency.DependencyRows;
import dev.architect.store.jdbi.step.StepRows;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskResult;
import dev.architect.task.TaskState;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads tasks with everything that moves with them, in a transaction of its caller. */
final class MovedTaskReader {

    private static final String UNREADABLE = "its stored form cannot be read";

    private final WriteConnection sql;
    private final SqlDialect dialect;
    private final Instant now;

    MovedTaskReader(WriteConnection sql, Instant now) {
        this.sql = sql;
        this.dialect = sql.dialect();
        this.now = now;
    }

    /** Reads the tasks of these ids that do not run. */
    List<MovedTask> read(List<Long> ids) throws SQLException {
        if (ids.isEmpty()) {
            return List.of();
        }
        Map<Long, String> inputs = inputs(ids);
        Map<Long, List<Attempt>> attempts = attempts(ids);
        Map<Long, List<TaskStep>> steps = StepRows.stepsOf(sql, ids);
        Map<Long, TaskProgress> progress = StepRows.progressOf(sql, ids);
        Map<Long, List<MovedTask.MovedEdge>> edges = DependencyRows.edgesOf(sql, ids);
        List<MovedTask> tasks = new ArrayList<>();
        try (ResultSet row = select(ShardSql.tasks(dialect, ids.size()), ids)) {
            while (row.next()) {
                if (TaskRow.state(row) != TaskState.RUNNING) {
                    long id = row.getLong("id");
                    tasks.add(moved(
                            row,
                            Optional.ofNullable(inputs.get(id)),
                            attempts.getOrDefault(id, List.of()),
                            steps.getOrDefault(id, List.of()),
                            Optional.ofNullable(progress.get(id)),
                            edges.getOrDefault(id, List.of())));
                }
            }
        }
        return tasks;
    }

    private ResultSet select(String statement, List<Long> ids) throws SQLException {
        PreparedStatement select = sql.prepare(statement);
        dialect.bindIds(select, 1, ids);
        return select.executeQuery();
    }

    private Map<Long, String> inputs(List<Long> ids) throws SQLException {
        Map<Long, String> inputs = new HashMap<>();
        try (ResultSet row = select(ShardSql.inputs(dialect, ids.size()), ids)) {
            while (row.next()) {
                inputs.put(row.getLong("id"), String.valueOf(StoredText.read(row, "input")));
            }
        }
        return inputs;
    }

    private Map<Long, List<Attempt>> attempts(List<Long> ids) throws SQLException {
        Map<Long, List<Attempt>> attempts = new HashMap<>();
        try (ResultSet row = select(ShardSql.attempts(dialect, ids.size()), ids)) {
            while (row.next()) {
                attempts.computeIfAbsent(row.getLong("task_id"), id -> new ArrayList<>())
                        .add(TaskRow.attempt(row));
            }
        }
        return attempts;
    }

    private MovedTask moved(
            ResultSet row,
            Optional<String> input,
            List<Attempt> attempts,
            List<TaskStep> steps,
            Optional<TaskProgress> progress,
            List<MovedTask.MovedEdge> parents)
            throws SQLException {
        MovedTask.Order order = new MovedTask.Order(
                Micros.instant(row.getLong("sort_key")),
                row.getInt("crashes"),
                row.getInt("snoozes"),
                Optional.ofNullable(Columns.longOrNull(row, "snoozed_at")).map(Micros::instant),
                (row.getInt("flags") & TaskRow.HAS_KEY) != 0,
                TaskRow.deadlines(row));
        MovedTask.Edges edges = new MovedTask.Edges(parents, (row.getInt("flags") & DependencyRows.HAS_CHILDREN) != 0);
        Task task = TaskRow.task(row);
        if (!task.request().type().equals(TaskRow.UNREADABLE_TYPE)) {
            return new MovedTask(task, order, input, TaskRow.result(row), attempts, steps, progress, edges);
        }
        return new MovedTask(
                dead(task, row), order, input, Optional.of(result(task, row)), attempts, steps, progress, edges);
    }

    /** No worker can do anything with it: it arrives as what its next claim would have made of it. */
    private Task dead(Task task, ResultSet row) throws SQLException {
        String project = row.getString("project");
        TaskRequest request = task.request().withProject(project == null ? ProjectId.DEFAULT : new ProjectId(project));
        boolean hasEnded = task.state().isTerminal();
        return new Task(
                task.id(),
                request,
                hasEnded ? task.state() : TaskState.DEAD,
                task.epoch(),
                task.attempt(),
                task.cancelRequested(),
                task.createdAt(),
                Optional.empty(),
                task.endedAt().or(() -> Optional.of(now)),
                task.stopReason());
    }

    private static TaskResult result(Task task, ResultSet row) throws SQLException {
        Optional<TaskResult> stored = TaskRow.result(row);
        return stored.orElseGet(() -> new TaskResult(
                new TaskId(task.id().value()),
                TaskState.DEAD,
                Optional.empty(),
                Optional.of(UNREADABLE),
                Optional.empty()));
    }
}

package dev.architect.store.jdbi.task;

import dev.architect.attempt.Attempt;
import dev.architect.change.ChangeTopic;
import dev.architect.lane.Lane.TypeInLane;
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
import dev.architect.task.KeyLimit;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskResult;
import dev.architect.task.TaskState;
import dev.architect.task.UniqueKey;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Inserts tasks that come from another store, in a transaction of its caller. */
final class MovedTaskWriter {

    private final WriteConnection sql;
    private final SqlDialect dialect;
    private final Map<String, Long> lanes;
    private final Map<String, Long> projects;

    MovedTaskWriter(WriteConnection sql, Map<String, Long> lanes, Map<String, Long> projects) {
        this.sql = sql;
        this.dialect = sql.dialect();
        this.lanes = lanes;
        this.projects = projects;
    }

    /** An attempt, and the result of its task if it was the last one. */
    private record AttemptRow(Attempt attempt, Optional<TaskResult> result) {}

    /** Inserts those that are not there. */
    void insert(List<MovedTask> arrived) throws SQLException {
        Set<Long> existing = existing(arrived);
        List<MovedTask> tasks = arrived.stream()
                .filter(task -> !existing.contains(task.task().id().value()))
                .toList();
        if (tasks.isEmpty()) {
            return;
        }
        List<Long> ids = tasks.stream().map(task -> task.task().id().value()).toList();
        ShardSql.INSERT_TASKS.insert(sql, tasks, this::bindTask);
        if (dialect.createdIn().equals("task_body")) {
            ShardSql.INSERT_DATED_BODIES.insert(sql, tasks, (body, first, task) -> {
                bindBody(body, first, task);
                body.setLong(first + 8, Micros.of(task.task().createdAt()));
            });
        } else {
            ShardSql.INSERT_BODIES.insert(sql, tasks, MovedTaskWriter::bindBody);
        }
        ShardSql.INSERT_INPUTS.insert(
                sql, tasks.stream().filter(task -> task.input().isPresent()).toList(), (input, first, task) -> {
                    input.setLong(first, task.task().id().value());
                    input.setString(first + 1, StoredText.encode(task.input().orElseThrow()));
                });
        // Those that an earlier stay of the shard has left for the ledger come again.
        PreparedStatement earlier = sql.prepare(ShardSql.deleteAttempts(dialect, ids.size()));
        dialect.bindIds(earlier, 1, ids);
        earlier.executeUpdate();
        insertAttempts(tasks);
        insertNotes(tasks);
        Map<Long, List<MovedTask.MovedEdge>> edges = new TreeMap<>();
        tasks.forEach(task -> edges.put(task.task().id().value(), task.edges().parents()));
        DependencyRows.arrive(sql, edges);
        StateCounts counts = new StateCounts();
        tasks.forEach(task -> counts.add(lane(task), state(task).number(), 1));
        counts.save(sql);
        ids.forEach(id -> sql.changed(ChangeTopic.TASK, id));
    }

    private void insertNotes(List<MovedTask> tasks) throws SQLException {
        Map<TaskId, List<TaskStep>> steps = new TreeMap<>();
        Map<TaskId, TaskProgress> progress = new TreeMap<>();
        for (MovedTask moved : tasks) {
            steps.put(moved.task().id(), moved.steps());
            moved.progress().ifPresent(stated -> progress.put(moved.task().id(), stated));
        }
        StepRows.insert(sql, steps, progress);
    }

    private static boolean hasNotes(MovedTask moved) {
        return !moved.steps().isEmpty() || moved.progress().isPresent();
    }

    private Set<Long> existing(List<MovedTask> arrived) throws SQLException {
        List<Long> ids = arrived.stream().map(task -> task.task().id().value()).toList();
        PreparedStatement select = sql.prepare(ShardSql.existing(dialect, ids.size()));
        dialect.bindIds(select, 1, ids);
        Set<Long> existing = new HashSet<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                existing.add(row.getLong(1));
            }
        }
        return existing;
    }

    private long lane(MovedTask task) {
        return Objects.requireNonNull(
                lanes.get(TypeInLane.of(task.task().request()).text()));
    }

    /** Those that have permits are counted here anew. */
    private static TaskState state(MovedTask moved) {
        TaskState state = moved.task().state();
        return state == TaskState.READY
                        && moved.task().request().options().limitKey().isPresent()
                ? TaskState.LIMITED
                : state;
    }

    private void bindTask(PreparedStatement row, int first, MovedTask moved) throws SQLException {
        Task task = moved.task();
        row.setLong(first, task.id().value());
        row.setLong(first + 1, task.epoch());
        row.setLong(first + 2, Micros.of(moved.order().sortKey()));
        Columns.setLong(row, first + 3, micros(task.dueAt()));
        Columns.setLong(row, first + 4, micros(moved.order().snoozedSince()));
        Columns.setLong(row, first + 5, micros(task.endedAt()));
        row.setLong(first + 6, Micros.of(task.createdAt()));
        row.setLong(first + 7, lane(moved));
        row.setLong(
                first + 8,
                Objects.requireNonNull(
                        projects.get(task.request().attribution().project().name())));
        row.setInt(first + 9, state(moved).number());
        row.setInt(first + 10, task.request().priority().level());
        row.setInt(
                first + 11,
                (task.cancelRequested() ? TaskRow.CANCEL_ASKED : 0)
                        | (moved.input().isPresent() ? TaskRow.HAS_INPUT : 0)
                        | (moved.order().isKeyed() ? TaskRow.HAS_KEY : 0)
                        | TaskRow.affinityFlags(task.request())
                        | (hasNotes(moved) ? StepRows.HAS_NOTES : 0)
                        | (moved.edges().hasChildren() ? DependencyRows.HAS_CHILDREN : 0));
        row.setInt(first + 12, task.attempt());
        row.setInt(first + 13, task.request().maxAttempts());
        row.setInt(first + 14, moved.order().crashes());
        row.setInt(first + 15, moved.order().snoozes());
        row.setString(
                first + 16,
                StoredText.encode(task.request()
                        .options()
                        .uniqueKey()
                        .map(UniqueKey::value)
                        .orElse(null)));
        Columns.setLong(row, first + 17, micros(moved.order().deadlines().expiresAt()));
        Columns.setLong(row, first + 18, micros(moved.order().deadlines().endsBy()));
        Columns.setLong(row, first + 19, KeyLimit.numberOrNull(task.request()));
        Columns.setLong(row, first + 20, pending(moved));
    }

    /** Null for a task without parents, as everywhere. */
    private static @Nullable Long pending(MovedTask moved) {
        List<MovedTask.MovedEdge> parents = moved.edges().parents();
        return parents.isEmpty()
                ? null
                : parents.stream().filter(edge -> !edge.isReleased()).count();
    }

    private static @Nullable Long micros(Optional<Instant> time) {
        return time.map(Micros::of).orElse(null);
    }

    private static void bindBody(PreparedStatement row, int first, MovedTask moved) throws SQLException {
        Task task = moved.task();
        row.setLong(first, task.id().value());
        row.setString(first + 1, StoredText.encode(task.request().payload()));
        row.setString(first + 2, Columns.write(task.request().attributes()));
        Columns.bindAttribution(row, first + 3, task.request().attribution());
        row.setLong(first + 5, Micros.of(task.request().timeout()));
        row.setLong(first + 6, Micros.of(task.request().delay()));
        row.setString(first + 7, Columns.write(task.request().options()));
    }

    private void insertAttempts(List<MovedTask> tasks) throws SQLException {
        List<AttemptRow> attempts = new ArrayList<>();
        for (MovedTask moved : tasks) {
            long last = moved.task().epoch();
            moved.attempts()
                    .forEach(attempt -> attempts.add(
                            new AttemptRow(attempt, attempt.epoch() == last ? moved.result() : Optional.empty())));
        }
        if (!dialect.hasResultRows()) {
            ShardSql.INSERT_FULL_ATTEMPTS.insert(sql, attempts, MovedTaskWriter::bindFullAttempt);
            return;
        }
        ShardSql.INSERT_ATTEMPTS.insert(
                sql,
                attempts,
                (row, first, attempt) ->
                        bindAttempt(row, first, attempt, attempt.attempt().error()));
        TaskSql.INSERT_RESULTS.insert(
                sql, tasks.stream().filter(MovedTaskWriter::hasResult).toList(), (row, first, moved) -> {
                    TaskResult result = moved.result().orElseThrow();
                    row.setLong(first, result.id().value());
                    row.setLong(first + 1, moved.task().epoch());
                    row.setString(first + 2, StoredText.encode(result.output().orElse(null)));
                    row.setString(first + 3, StoredText.encode(result.error().orElse(null)));
                    row.setString(first + 4, result.stopReason().map(Enum::name).orElse(null));
                });
    }

    private static boolean hasResult(MovedTask moved) {
        return moved.task().state() == TaskState.DONE || moved.task().state() == TaskState.DEAD;
    }

    private static void bindAttempt(PreparedStatement row, int first, AttemptRow attempt, Optional<String> error)
            throws SQLException {
        row.setLong(first, attempt.attempt().task().value());
        row.setLong(first + 1, attempt.attempt().epoch());
        row.setString(first + 2, attempt.attempt().session());
        row.setLong(first + 3, Micros.of(attempt.attempt().startedAt()));
        row.setLong(first + 4, Micros.of(attempt.attempt().endedAt()));
        row.setInt(first + 5, attempt.attempt().outcome().number());
        row.setString(first + 6, StoredText.encode(error.orElse(null)));
        // Incarnations belong to the store that gave them.
        row.setLong(first + 7, 0);
        row.setString(first + 8, TaskRow.text(attempt.attempt().basis()));
    }

    private static void bindFullAttempt(PreparedStatement row, int first, AttemptRow attempt) throws SQLException {
        bindAttempt(
                row, first, attempt, attempt.result().flatMap(TaskResult::error).or(attempt.attempt()::error));
        row.setString(
                first + 9,
                StoredText.encode(attempt.result().flatMap(TaskResult::output).orElse(null)));
        row.setString(
                first + 10,
                attempt.result().flatMap(TaskResult::stopReason).map(Enum::name).orElse(null));
    }
}

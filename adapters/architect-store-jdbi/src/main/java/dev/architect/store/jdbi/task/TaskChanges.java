package dev.architect.store.jdbi.task;

import dev.architect.change.ChangeTopic;
import dev.architect.graph.TaskCycleException;
import dev.architect.maintenance.TaskAction;
import dev.architect.maintenance.TaskEdit;
import dev.architect.spi.TaskStore;
import dev.architect.store.jdbi.Columns;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.SqlDialect;
import dev.architect.store.jdbi.StoredText;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.store.jdbi.dependency.NewEdges;
import dev.architect.task.ParentTask;
import dev.architect.task.Priority;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskState;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Changes to tasks that wait: what they are, and that their time is over. Each runs in a transaction of its caller. */
final class TaskChanges {

    private static final long AGING = Micros.of(TaskStore.AGING);

    /** What the index of deadlines holds, in its own words, so that it is found. */
    private static final String EXPIRING = "expire_at IS NOT NULL AND state <> 1 AND state >= 0 AND state < 10";

    static final String NEXT_EXPIRY = "SELECT min(expire_at) FROM task WHERE " + EXPIRING;

    private TaskChanges() {}

    private record Row(
            TaskId id,
            int state,
            long lane,
            @Nullable Long limitKey,
            int flags,
            int pending,
            @Nullable Long dueAt) {

        static final String COLUMNS = "id, state, lane, limit_key, flags, pending, due_at";

        static Row read(ResultSet row) throws SQLException {
            return new Row(
                    new TaskId(row.getLong("id")),
                    row.getInt("state"),
                    row.getLong("lane"),
                    Columns.longOrNull(row, "limit_key"),
                    row.getInt("flags"),
                    row.getInt("pending"),
                    Columns.longOrNull(row, "due_at"));
        }

        /** The state after it was held: its due time comes before the permit. */
        TaskState resumed(Instant now) {
            return pending == 0 && dueAt != null && dueAt > Micros.of(now) ? TaskState.SCHEDULED : next();
        }

        /** The state if it could become ready: its parents come first, and the permit of its limit key last. */
        TaskState next() {
            if (pending > 0) {
                return TaskState.BLOCKED;
            }
            return limitKey == null ? TaskState.READY : TaskState.LIMITED;
        }
    }

    static String overdue(SqlDialect dialect) {
        String lock = dialect.forUpdate();
        return "SELECT " + Row.COLUMNS + " FROM task WHERE " + EXPIRING
                + " AND expire_at <= ? ORDER BY expire_at LIMIT ?" + (lock.isEmpty() ? "" : lock + " SKIP LOCKED");
    }

    private static final String EXPIRE = "UPDATE task SET state = 13, done_at = ?, due_at = NULL WHERE id = ?";

    static List<TaskId> expire(WriteConnection sql, Instant now, int limit, LimitKeys keys) throws SQLException {
        PreparedStatement select = sql.prepare(overdue(sql.dialect()));
        select.setLong(1, Micros.of(now));
        select.setInt(2, limit);
        List<Row> over = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                over.add(Row.read(row));
            }
        }
        if (over.isEmpty()) {
            return List.of();
        }
        StateCounts counts = new StateCounts();
        PreparedStatement expire = sql.prepare(EXPIRE);
        for (Row task : over) {
            expire.setLong(1, Micros.of(now));
            expire.setLong(2, task.id().value());
            expire.addBatch();
            counts.move(task.lane(), task.state(), TaskState.EXPIRED.number());
            keys.add(task.limitKey());
            keys.ended(task.id().value(), TaskState.EXPIRED.number(), task.flags());
            sql.changed(ChangeTopic.TASK, task.id().value());
        }
        expire.executeBatch();
        counts.save(sql);
        return over.stream().map(Row::id).toList();
    }

    private static String place(TaskState state) {
        return "UPDATE task SET state = " + state.number()
                + ", flags = flags | 64, level = ?, sort_key = ?, due_at = ? WHERE id = ?";
    }

    private static final String PAYLOAD = "UPDATE task_body SET payload = ? WHERE id = ?";
    private static final String ATTRIBUTES = "UPDATE task_body SET attributes = ? WHERE id = ?";
    private static final String DELAY = "UPDATE task_body SET delay = ? WHERE id = ?";

    /** Changes a task that waits, and returns whether it did. */
    static boolean edit(WriteConnection sql, TaskId id, TaskEdit edit, Instant now, LimitKeys keys)
            throws SQLException {
        PreparedStatement select = sql.prepare("SELECT " + Row.COLUMNS + ", level, sort_key FROM task WHERE id = ?"
                + sql.dialect().forUpdate());
        select.setLong(1, id.value());
        Row task;
        int level;
        long sortKey;
        Long dueAt;
        try (ResultSet row = select.executeQuery()) {
            if (!row.next() || !UniqueKeys.isWaiting(row.getInt("state"))) {
                return false;
            }
            task = Row.read(row);
            level = row.getInt("level");
            sortKey = row.getLong("sort_key");
            dueAt = task.dueAt();
        }
        if (edit.version().isPresent() && edit.version().get() != read(sql, id).version()) {
            return false;
        }
        int newLevel = edit.priority().map(Priority::level).orElse(level);
        TaskState from = TaskState.of(task.state());
        TaskState to = from;
        sortKey += (newLevel - level) * AGING;
        Optional<Duration> delay = edit.delay()
                .filter(wanted -> from == TaskState.READY || from == TaskState.LIMITED || from == TaskState.SCHEDULED);
        if (delay.isPresent() && !delay.get().isZero()) {
            to = TaskState.SCHEDULED;
            dueAt = Micros.after(now, delay.get());
        } else if (delay.isPresent() && from == TaskState.SCHEDULED) {
            to = task.next();
            dueAt = null;
            sortKey = Micros.of(now) + newLevel * AGING;
        } else if ((from == TaskState.BLOCKED || from == TaskState.HELD)
                && edit.delay().isPresent()) {
            dueAt = edit.delay().get().isZero()
                    ? null
                    : Micros.after(now, edit.delay().get());
        }
        keys.add(task.limitKey());
        place(sql, task, to, newLevel, sortKey, dueAt);
        editBody(sql, id, edit);
        return true;
    }

    private static final String REPLACED = "UPDATE task SET state = ?, flags = flags | 64, pending = ?, sort_key = ?,"
            + " due_at = ?, done_at = ? WHERE id = ?";

    private static final String OPTIONS = "UPDATE task_body SET options = ? WHERE id = ?";

    private static final Set<TaskState> NOT_BEGUN =
            EnumSet.of(TaskState.READY, TaskState.SCHEDULED, TaskState.LIMITED, TaskState.BLOCKED);

    /**
     * Has a task that has not begun wait for other tasks, and returns whether it did. The parents are locked before it, as where they end: each has
     * ended before, and counts at once, or ends afterwards and sees its child.
     */
    static boolean replaceParents(
            WriteConnection sql,
            TaskId id,
            List<ParentTask> parents,
            Optional<Long> version,
            Instant now,
            LimitKeys keys)
            throws SQLException {
        sql.dialect().lockDependencies(sql);
        if (parents.stream().anyMatch(parent -> parent.id().equals(id))) {
            throw TaskCycleException.closedBy(id, Map.of());
        }
        NewEdges edges = NewEdges.of(sql, Map.of(id, parents));
        PreparedStatement select = sql.prepare("SELECT " + Row.COLUMNS + ", level, sort_key FROM task WHERE id = ?"
                + sql.dialect().forUpdate());
        select.setLong(1, id.value());
        Row task;
        long sortKey;
        long readyNow;
        Long dueAt;
        try (ResultSet row = select.executeQuery()) {
            if (!row.next() || row.getInt("state") < 0 || !NOT_BEGUN.contains(TaskState.of(row.getInt("state")))) {
                return false;
            }
            task = Row.read(row);
            sortKey = row.getLong("sort_key");
            readyNow = Micros.of(now) + row.getInt("level") * AGING;
            dueAt = task.dueAt();
        }
        Task before = read(sql, id);
        if (version.isPresent() && version.get() != before.version()) {
            return false;
        }
        boolean isDoomed = edges.replace(sql, id);
        TaskState to = TaskState.of(task.state());
        if (isDoomed) {
            to = TaskState.CANCELLED;
            dueAt = null;
        } else if (edges.pending(id) > 0) {
            to = TaskState.BLOCKED;
        } else if (to == TaskState.BLOCKED && dueAt != null && dueAt > Micros.of(now)) {
            to = TaskState.SCHEDULED;
        } else if (to == TaskState.BLOCKED) {
            to = task.limitKey() == null ? TaskState.READY : TaskState.LIMITED;
            sortKey = readyNow;
            dueAt = null;
        }
        PreparedStatement change = sql.prepare(REPLACED);
        change.setInt(1, to.number());
        change.setInt(2, edges.pending(id));
        change.setLong(3, sortKey);
        Columns.setLong(change, 4, dueAt);
        Columns.setLong(change, 5, to == TaskState.CANCELLED ? Micros.of(now) : null);
        change.setLong(6, id.value());
        change.executeUpdate();
        set(sql, OPTIONS, Columns.write(before.request().options().withParents(parents)), id);
        sql.changed(ChangeTopic.TASK, id.value());
        StateCounts counts = new StateCounts();
        counts.move(task.lane(), task.state(), to.number());
        counts.save(sql);
        keys.add(task.limitKey());
        keys.ended(id.value(), to.number(), task.flags());
        return true;
    }

    /** After the row was locked: all that changes a task does so. */
    private static Task read(WriteConnection sql, TaskId id) throws SQLException {
        PreparedStatement select = sql.prepare(TaskRow.select(sql.dialect()) + " WHERE t.id = ?");
        select.setLong(1, id.value());
        try (ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                throw new IllegalStateException("task " + id + " is locked and not there, expected it");
            }
            return TaskRow.task(row);
        }
    }

    private static void place(
            WriteConnection sql, Row task, TaskState to, int level, long sortKey, @Nullable Long dueAt)
            throws SQLException {
        PreparedStatement place = sql.prepare(place(to));
        place.setInt(1, level);
        place.setLong(2, sortKey);
        Columns.setLong(place, 3, dueAt);
        place.setLong(4, task.id().value());
        place.executeUpdate();
        sql.changed(ChangeTopic.TASK, task.id().value());
        StateCounts counts = new StateCounts();
        counts.move(task.lane(), task.state(), to.number());
        counts.save(sql);
    }

    private static void editBody(WriteConnection sql, TaskId id, TaskEdit edit) throws SQLException {
        if (edit.payload().isPresent()) {
            set(sql, PAYLOAD, StoredText.encode(edit.payload().get()), id);
        }
        if (edit.attributes().isPresent()) {
            set(sql, ATTRIBUTES, Columns.write(edit.attributes().get()), id);
        }
        if (edit.delay().isPresent()) {
            PreparedStatement change = sql.prepare(DELAY);
            change.setLong(1, Micros.of(edit.delay().get()));
            change.setLong(2, id.value());
            change.executeUpdate();
        }
    }

    private static void set(WriteConnection sql, String statement, @Nullable String value, TaskId id)
            throws SQLException {
        PreparedStatement change = sql.prepare(statement);
        change.setString(1, value);
        change.setLong(2, id.value());
        change.executeUpdate();
    }

    static boolean runNow(WriteConnection sql, TaskId id, LimitKeys keys) throws SQLException {
        PreparedStatement select =
                sql.prepare("SELECT " + Row.COLUMNS + ", level FROM task WHERE id = ? AND state IN (0, 2, 4)"
                        + sql.dialect().forUpdate());
        select.setLong(1, id.value());
        Row task;
        int level;
        try (ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                return false;
            }
            task = Row.read(row);
            level = row.getInt("level");
        }
        TaskState to = task.next();
        keys.add(task.limitKey());
        place(sql, task, to, level, level * AGING, null);
        return true;
    }

    private static String lock(SqlDialect dialect, int count) {
        return "SELECT " + Row.COLUMNS + " FROM task WHERE flags & 1 <> ? AND id " + dialect.isOneOf(count)
                + " ORDER BY id" + dialect.forUpdate();
    }

    private static String ofMany(String change, SqlDialect dialect, int count) {
        return "UPDATE task SET " + change + " WHERE id " + dialect.isOneOf(count);
    }

    /** Does the same to many tasks: one statement finds and locks them, and one or two change them. */
    static Map<TaskId, TaskState> change(
            WriteConnection sql, List<TaskId> ids, TaskAction action, Instant now, LimitKeys keys) throws SQLException {
        List<Row> tasks = locked(sql, ids, action);
        tasks.forEach(task -> keys.add(task.limitKey()));
        Map<TaskId, TaskState> changed = new TreeMap<>();
        StateCounts counts = new StateCounts();
        switch (action.kind()) {
            case CANCEL -> {
                List<Row> running = tasks.stream()
                        .filter(task -> task.state() == TaskState.RUNNING.number())
                        .toList();
                update(sql, "flags = flags | 1", running);
                running.forEach(task -> changed.put(task.id(), TaskState.RUNNING));
                List<Row> waiting =
                        tasks.stream().filter(task -> !running.contains(task)).toList();
                update(sql, "state = 12, due_at = NULL, done_at = ?", waiting, Micros.of(now));
                move(waiting, TaskState.CANCELLED, counts, changed);
                waiting.forEach(task -> keys.ended(task.id().value(), TaskState.CANCELLED.number(), task.flags()));
            }
            case HOLD -> {
                update(sql, "state = 5", tasks);
                move(tasks, TaskState.HELD, counts, changed);
            }
            case RESUME -> {
                long time = Micros.of(now);
                update(sql, TaskOperations.RESUMED, tasks, time, time, time);
                for (Row task : tasks) {
                    move(List.of(task), task.resumed(now), counts, changed);
                }
            }
            case PRIORITY -> {
                int level = action.priority().orElseThrow().level();
                update(sql, "sort_key = sort_key + (? - level) * 30000000, level = ?", tasks, level, level);
                tasks.forEach(task -> changed.put(task.id(), TaskState.of(task.state())));
            }
            case REDRIVE -> throw new IllegalArgumentException("action is redrive, expected any other");
        }
        counts.save(sql);
        changed.keySet().forEach(id -> sql.changed(ChangeTopic.TASK, id.value()));
        return changed;
    }

    /** Those of the tasks that are in a state for the action, until the transaction ends. */
    private static List<Row> locked(WriteConnection sql, List<TaskId> ids, TaskAction action) throws SQLException {
        List<Long> numbers = ids.stream().map(TaskId::value).sorted().toList();
        PreparedStatement select = sql.prepare(lock(sql.dialect(), numbers.size()));
        // No flag is 2 of 1: all tasks, or those whose cancellation was not requested.
        select.setInt(1, action.kind() == TaskAction.Kind.HOLD ? 1 : 2);
        sql.dialect().bindIds(select, 2, numbers);
        List<Row> tasks = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                int state = row.getInt("state");
                // Below zero are those on their way to another store.
                if (state >= 0 && action.states().contains(TaskState.of(state))) {
                    tasks.add(Row.read(row));
                }
            }
        }
        return tasks;
    }

    private static void update(WriteConnection sql, String change, List<Row> tasks, long... values)
            throws SQLException {
        if (tasks.isEmpty()) {
            return;
        }
        PreparedStatement update = sql.prepare(ofMany(change, sql.dialect(), tasks.size()));
        for (int i = 0; i < values.length; i++) {
            update.setLong(i + 1, values[i]);
        }
        sql.dialect()
                .bindIds(
                        update,
                        values.length + 1,
                        tasks.stream().map(task -> task.id().value()).toList());
        update.executeUpdate();
    }

    private static void move(List<Row> tasks, TaskState to, StateCounts counts, Map<TaskId, TaskState> changed) {
        for (Row task : tasks) {
            counts.move(task.lane(), task.state(), to.number());
            changed.put(task.id(), to);
        }
    }
}

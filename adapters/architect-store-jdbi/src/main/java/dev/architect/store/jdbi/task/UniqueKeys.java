package dev.architect.store.jdbi.task;

import dev.architect.maintenance.TaskEdit;
import dev.architect.spi.TaskStore;
import dev.architect.store.jdbi.Columns;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.StoredText;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.store.jdbi.dependency.NewEdges;
import dev.architect.submission.TaskDeadlines;
import dev.architect.submission.UniqueKeyTakenException;
import dev.architect.task.KeyLimit;
import dev.architect.task.ParentTask;
import dev.architect.task.TaskId;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.task.UniqueKey;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Tasks with unique keys, deadlines, limit keys or parents. A unique key is looked up and then given to a task, so two transactions must not do so with one key at a
 * time: where several write, each inserts a row with the key, which makes the other one wait, and deletes it again. Keys are locked in their
 * order, and before any task.
 */
final class UniqueKeys {

    /** A task that runs has its key, and so has one that is on its way to another store. */
    private static final String HOLDER =
            "SELECT id, state FROM task WHERE project = ? AND unique_key = ? AND unique_key IS NOT NULL"
                    + " AND state < 10 AND state > -11";

    static final String HOLDER_ID = HOLDER.replace("id, state", "id");

    private static final String LOCK = "INSERT INTO unique_key_lock (project, name) VALUES (?, ?)"
            + " ON CONFLICT (project, name) DO UPDATE SET name = excluded.name";

    private static final String UNLOCK = "DELETE FROM unique_key_lock WHERE project = ? AND name = ?";

    private static final String SET =
            "UPDATE task SET unique_key = ?, expire_at = ?, ends_by = ?, limit_key = ? WHERE id = ?";

    private static final String SET_DEADLINES = "UPDATE task SET expire_at = ?, ends_by = ? WHERE id = ?";

    private static final String OPTIONS =
            "SELECT o.id, o.project, o.options FROM (SELECT t.id AS id, t.project AS project,"
                    + " b.options AS options FROM task t JOIN task_body b ON b.id = t.id WHERE b.options IS NOT NULL) o WHERE";

    private static final String USE_KEY_FOR =
            "UPDATE idempotency_key SET task_id = ? WHERE project = ? AND name = ? AND task_id = ?";

    private static final String MARK_KEYED = "UPDATE task SET flags = flags | 4 WHERE id = ?";

    private UniqueKeys() {}

    /** A key of a project, as it is stored. */
    private record Key(long project, String value) implements Comparable<Key> {

        private static final Comparator<Key> ORDER =
                Comparator.comparingLong(Key::project).thenComparing(Key::value);

        static Key of(NewTask task) {
            return of(task.project(), task.request().options().uniqueKey().orElseThrow());
        }

        static Key of(long project, UniqueKey key) {
            return new Key(project, Objects.requireNonNull(StoredText.encode(key.value())));
        }

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    private record Holder(TaskId id, boolean isNew) {}

    /** Whether {@link #insert} is needed for a request. */
    static boolean concerns(TaskRequest request) {
        return hasColumns(request) || !request.options().parents().isEmpty();
    }

    private static boolean hasColumns(TaskRequest request) {
        TaskOptions options = request.options();
        return options.uniqueKey().isPresent()
                || options.limitKey().isPresent()
                || options.expiresAfter().isPresent()
                || options.timeLimits().total().isPresent();
    }

    /**
     * Inserts tasks, of which any may have a unique key, deadlines, a limit key or parents.
     *
     * @param limits gets the limit keys of the tasks, and those that are to end at once
     * @return the task that each one stands for: itself, or the one that has its key
     * @throws UniqueKeyTakenException when a key is taken and is to be refused then
     */
    static List<TaskId> insert(
            WriteConnection sql, TaskStatements statements, List<NewTask> tasks, Instant now, LimitKeys limits)
            throws SQLException {
        Map<Key, List<NewTask>> keyed = new TreeMap<>();
        Map<TaskId, NewTask> left = new LinkedHashMap<>();
        for (NewTask task : tasks) {
            left.put(task.id(), task);
            if (task.request().options().uniqueKey().isPresent()) {
                keyed.computeIfAbsent(Key.of(task), key -> new ArrayList<>()).add(task);
            }
        }
        if (!keyed.isEmpty()) {
            ShardGate.requireServed(sql, tasks);
        }
        Map<TaskId, TaskId> answers = new HashMap<>();
        for (Map.Entry<Key, List<NewTask>> key : keyed.entrySet()) {
            lock(sql, key.getKey());
            settle(sql, key.getKey(), key.getValue(), left, answers, now, limits);
        }
        if (!left.isEmpty()) {
            NewEdges edges = edges(sql, left.values());
            List<NewTask> rows = left.values().stream()
                    .map(task -> task.waiting(edges.flags(task.id()), edges.pending(task.id())))
                    .toList();
            statements.insert(sql, rows, now);
            set(sql, rows, now);
            edges.insert(sql, id -> Objects.requireNonNull(left.get(id)).delayed(now), limits.endedParents());
            rows.forEach(task -> limits.add(task.request()));
        }
        for (Key key : keyed.keySet()) {
            unlock(sql, key);
        }
        return tasks.stream()
                .map(task -> answers.getOrDefault(task.id(), task.id()))
                .toList();
    }

    /** After the unique keys, since one that is taken makes a task of nothing; and before the tasks, since ids tell who waits for whom. */
    private static NewEdges edges(WriteConnection sql, Collection<NewTask> tasks) throws SQLException {
        Map<TaskId, List<ParentTask>> parents = new LinkedHashMap<>();
        tasks.forEach(task -> parents.put(task.id(), task.request().options().parents()));
        return NewEdges.of(sql, parents);
    }

    private static void settle(
            WriteConnection sql,
            Key key,
            List<NewTask> tasks,
            Map<TaskId, NewTask> left,
            Map<TaskId, TaskId> answers,
            Instant now,
            LimitKeys limits)
            throws SQLException {
        Holder holder = holder(sql, key);
        for (NewTask task : tasks) {
            if (holder == null) {
                holder = new Holder(task.id(), true);
                continue;
            }
            UniqueKey wanted = task.request().options().uniqueKey().orElseThrow();
            switch (wanted.onConflict()) {
                case REJECT -> throw new UniqueKeyTakenException(wanted.value(), holder.id());
                case EXISTING -> {}
                case REPLACE -> replace(sql, holder, task, left, now, limits);
            }
            left.remove(task.id());
            answers.put(task.id(), holder.id());
        }
    }

    private static void replace(
            WriteConnection sql, Holder holder, NewTask by, Map<TaskId, NewTask> left, Instant now, LimitKeys limits)
            throws SQLException {
        TaskEdit edit = TaskEdit.to(by.request());
        if (holder.isNew()) {
            left.computeIfPresent(
                    holder.id(),
                    (id, task) ->
                            new NewTask(id, edit.applyTo(task.request()), task.flags(), task.lane(), task.project()));
        } else {
            TaskChanges.edit(sql, holder.id(), edit, now, limits);
        }
    }

    private static @Nullable Holder holder(WriteConnection sql, Key key) throws SQLException {
        PreparedStatement select = sql.prepare(HOLDER + sql.dialect().forUpdate());
        select.setLong(1, key.project());
        select.setString(2, key.value());
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? new Holder(new TaskId(row.getLong("id")), false) : null;
        }
    }

    private static void lock(WriteConnection sql, Key key) throws SQLException {
        execute(sql, LOCK, key);
    }

    private static void unlock(WriteConnection sql, Key key) throws SQLException {
        execute(sql, UNLOCK, key);
    }

    private static void execute(WriteConnection sql, String statement, Key key) throws SQLException {
        if (sql.dialect().forUpdate().isEmpty()) {
            // With one writer at a time there is nothing to wait for.
            return;
        }
        PreparedStatement change = sql.prepare(statement);
        change.setLong(1, key.project());
        change.setString(2, key.value());
        change.executeUpdate();
    }

    /** After the insert, which every task has in common: few tasks have these. */
    private static void set(WriteConnection sql, List<NewTask> tasks, Instant now) throws SQLException {
        PreparedStatement set = sql.prepare(SET);
        boolean isAny = false;
        for (NewTask task : tasks) {
            TaskOptions options = task.request().options();
            if (hasColumns(task.request())) {
                isAny = true;
                TaskDeadlines deadlines = TaskDeadlines.of(options, now);
                set.setString(
                        1,
                        StoredText.encode(
                                options.uniqueKey().map(UniqueKey::value).orElse(null)));
                Columns.setLong(set, 2, micros(deadlines.expiresAt()));
                Columns.setLong(set, 3, micros(deadlines.endsBy()));
                Columns.setLong(set, 4, KeyLimit.numberOrNull(task.request()));
                set.setLong(5, task.id().value());
                set.addBatch();
            }
        }
        if (isAny) {
            set.executeBatch();
        }
    }

    private static @Nullable Long micros(Optional<Instant> time) {
        return time.map(Micros::of).orElse(null);
    }

    /** An idempotency key that was taken for {@code taken} answers {@code holder} from now on. */
    static void useKeyFor(WriteConnection sql, long project, String name, TaskId taken, TaskId holder)
            throws SQLException {
        PreparedStatement use = sql.prepare(USE_KEY_FOR);
        use.setLong(1, holder.value());
        use.setLong(2, project);
        use.setString(3, name);
        use.setLong(4, taken.value());
        use.executeUpdate();
        PreparedStatement mark = sql.prepare(MARK_KEYED);
        mark.setLong(1, holder.value());
        mark.executeUpdate();
    }

    /** What the options of tasks that are to be redriven demand. Used in one transaction. */
    static final class Redrives {

        private final WriteConnection sql;
        private final Instant now;
        private final Map<TaskId, TaskOptions> options = new HashMap<>();
        private final Map<TaskId, Key> keys = new HashMap<>();

        /** Reads the options of these tasks, and locks their keys. */
        Redrives(WriteConnection sql, List<TaskId> ids, Instant now) throws SQLException {
            this.sql = sql;
            this.now = now;
            for (int from = 0; from < ids.size(); from += TaskStore.MAX_BATCH) {
                read(ids.subList(from, Math.min(ids.size(), from + TaskStore.MAX_BATCH)));
            }
            for (Key key : new TreeSet<>(keys.values())) {
                lock(sql, key);
            }
        }

        private void read(List<TaskId> ids) throws SQLException {
            PreparedStatement select =
                    sql.prepareForIds(OPTIONS, ids.stream().map(TaskId::value).toList());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    TaskId id = new TaskId(row.getLong("id"));
                    long project = row.getLong("project");
                    TaskOptions read = readable(row.getString("options"));
                    options.put(id, read);
                    read.uniqueKey().ifPresent(key -> keys.put(id, Key.of(project, key)));
                }
            }
        }

        /** What cannot be read is dead at its next claim. */
        private static TaskOptions readable(String text) {
            try {
                return Columns.options(text);
            } catch (RuntimeException malformed) {
                return TaskOptions.DEFAULT;
            }
        }

        /** Whether another task has the key of this one. */
        boolean isTaken(TaskId id) throws SQLException {
            Key key = keys.get(id);
            return key != null && holder(sql, key) != null;
        }

        /** The task is ready again: its time counts from now. */
        void redriven(TaskId id) throws SQLException {
            TaskOptions own = options.get(id);
            if (own != null) {
                TaskDeadlines deadlines = TaskDeadlines.of(own, now);
                PreparedStatement set = sql.prepare(SET_DEADLINES);
                Columns.setLong(set, 1, micros(deadlines.expiresAt()));
                Columns.setLong(set, 2, micros(deadlines.endsBy()));
                set.setLong(3, id.value());
                set.executeUpdate();
            }
        }

        /** Others may have the keys again. */
        void end() throws SQLException {
            for (Key key : new TreeSet<>(keys.values())) {
                unlock(sql, key);
            }
        }
    }

    /** The states of a task that holds a key and may be changed; one that is on its way to another store may not. */
    static boolean isWaiting(int state) {
        return state >= 0
                && state != TaskState.RUNNING.number()
                && !TaskState.of(state).isTerminal();
    }
}

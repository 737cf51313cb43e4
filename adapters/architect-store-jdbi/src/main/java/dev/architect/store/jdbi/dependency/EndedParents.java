package dev.architect.store.jdbi.dependency;

import dev.architect.change.ChangeTopic;
import dev.architect.spi.TaskStore;
import dev.architect.store.jdbi.Columns;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.SqlDialect;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.task.ParentTask.OnFailure;
import dev.architect.task.TaskState;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The tasks with children that have ended in a transaction, and what becomes of the children in the same one. A level of them is locked in the
 * order of their ids and changed; those that are cancelled by it make the next level. Each edge is counted once, in the row of its child,
 * which is locked by then: two parents that end together are counted one after the other.
 */
public final class EndedParents {

    private static final long AGING = Micros.of(TaskStore.AGING);

    private static final String CHANGE =
            "UPDATE task SET state = ?, pending = ?, sort_key = ?, due_at = ?, done_at = ? WHERE id = ?";

    private static final String RELEASE =
            "UPDATE task_dep SET released = 1 WHERE parent = ? AND child = ? AND released = 0";

    private final TreeSet<Long> ended = new TreeSet<>();
    private final TreeSet<Long> doomed = new TreeSet<>();
    private boolean isLate;

    /** Creates an empty set. */
    public EndedParents() {}

    /**
     * A child whose state was changed.
     *
     * @param from its state before
     * @param to its state now
     * @param limitKey null when it has none
     */
    public record Moved(
            long id,
            long lane,
            TaskState from,
            TaskState to,
            long sortKey,
            @Nullable Long limitKey) {}

    private record OpenEdge(long parent, long child, OnFailure onFailure, boolean isDone, long endedAt) {}

    /** The row of a child, which is locked, and what becomes of it. */
    private static final class Child {
        private final long id;
        private final TaskState state;
        private final long lane;
        private final int level;
        private final int flags;
        private final @Nullable Long limitKey;
        private TaskState next;
        private int pending;
        private long sortKey;
        private @Nullable Long dueAt;
        private @Nullable Long doneAt;
        private boolean isChanged;

        Child(ResultSet row) throws SQLException {
            this.id = row.getLong("id");
            this.state = TaskState.of(row.getInt("state"));
            this.lane = row.getLong("lane");
            this.level = row.getInt("level");
            this.flags = row.getInt("flags");
            this.limitKey = Columns.longOrNull(row, "limit_key");
            this.next = state;
            this.pending = row.getInt("pending");
            this.sortKey = row.getLong("sort_key");
            this.dueAt = Columns.longOrNull(row, "due_at");
            this.doneAt = Columns.longOrNull(row, "done_at");
        }

        void released() {
            pending--;
            isChanged = true;
        }

        void cancelled(long at) {
            if (!next.isTerminal()) {
                next = TaskState.CANCELLED;
                dueAt = null;
                doneAt = at;
                isChanged = true;
            }
        }

        /** Parents come first, then the due time, then the permit of the limit key. */
        void goOn(Instant now) {
            if (next != TaskState.BLOCKED || pending > 0) {
                return;
            }
            if (dueAt != null && dueAt > Micros.of(now)) {
                next = TaskState.SCHEDULED;
                return;
            }
            dueAt = null;
            sortKey = Micros.of(now) + level * AGING;
            next = limitKey == null ? TaskState.READY : TaskState.LIMITED;
        }

        /** Whether it has waited since before a time. */
        boolean hasWaitedAt(long time) {
            return sortKey - level * AGING < time;
        }

        void held() {
            if (next == TaskState.BLOCKED) {
                next = TaskState.HELD;
            }
        }
    }

    /** A task has ended that others wait for. */
    public void add(long id) {
        ended.add(id);
    }

    /** Tasks that are to be cancelled because a parent has ended before they came. */
    void cancel(Collection<Long> children) {
        doomed.addAll(children);
    }

    /**
     * Parents have ended in a transaction that did not look at their children. A child that has been made ready again since, to wait for such
     * a parent, is not cancelled once more.
     */
    public void addLate(Collection<Long> parents) {
        ended.addAll(parents);
        isLate = true;
    }

    /** Parents of these tasks, or these themselves, may have ended while they were out of reach. */
    public void lookAgain(WriteConnection sql, List<Long> ids) throws SQLException {
        addLate(ids);
        PreparedStatement select = sql.prepare(endedParents(sql.dialect(), ids.size()));
        sql.dialect().bindIds(select, 1, ids);
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                ended.add(row.getLong(1));
            }
        }
    }

    /** Changes the children, and theirs; nothing is left afterwards. */
    public List<Moved> settle(WriteConnection sql, Instant now) throws SQLException {
        List<Moved> moved = new ArrayList<>();
        for (List<Long> part = next(doomed); !part.isEmpty(); part = next(doomed)) {
            cancelNew(sql, part, moved);
        }
        for (List<Long> part = next(ended); !part.isEmpty(); part = next(ended)) {
            List<OpenEdge> edges = openEdges(sql, part);
            for (int from = 0; from < edges.size(); from += WriteConnection.MAX_IDS) {
                settle(sql, edges.subList(from, Math.min(edges.size(), from + WriteConnection.MAX_IDS)), now, moved);
            }
        }
        return moved;
    }

    private static List<Long> next(TreeSet<Long> from) {
        List<Long> part = new ArrayList<>();
        while (!from.isEmpty() && part.size() < WriteConnection.MAX_IDS) {
            part.add(from.pollFirst());
        }
        return part;
    }

    private void cancelNew(WriteConnection sql, List<Long> ids, List<Moved> into) throws SQLException {
        PreparedStatement select = sql.prepare(
                "SELECT id, created_at FROM task WHERE id " + sql.dialect().isOneOf(ids.size()));
        sql.dialect().bindIds(select, 1, ids);
        Map<Long, Long> created = new TreeMap<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                created.put(row.getLong("id"), row.getLong("created_at"));
            }
        }
        Map<Long, Child> children = lock(sql, ids);
        // At the time of their creation, which shows the submitter that they never waited.
        children.values().forEach(child -> child.cancelled(created.getOrDefault(child.id, 0L)));
        change(sql, children.values(), into);
    }

    /** The plus keeps the planner from walking all ended tasks instead of the given ones. */
    static String openEdges(SqlDialect dialect, int count) {
        return "SELECT d.parent, d.child, d.on_failure, p.state, p.done_at FROM task_dep d JOIN task p ON p.id = d.parent"
                + " WHERE d.released = 0 AND +p.state >= 10 AND d.parent " + dialect.isOneOf(count)
                + " ORDER BY d.child, d.parent";
    }

    static String endedParents(SqlDialect dialect, int count) {
        return "SELECT d.parent FROM task_dep d JOIN task p ON p.id = d.parent"
                // Nor all open edges.
                + " WHERE +d.released = 0 AND +p.state >= 10 AND d.child " + dialect.isOneOf(count);
    }

    /** In the order of the children, so that each part locks its rows in the order of their ids. */
    private static List<OpenEdge> openEdges(WriteConnection sql, List<Long> parents) throws SQLException {
        PreparedStatement select = sql.prepare(openEdges(sql.dialect(), parents.size()));
        sql.dialect().bindIds(select, 1, parents);
        List<OpenEdge> edges = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                edges.add(new OpenEdge(
                        row.getLong("parent"),
                        row.getLong("child"),
                        DependencyRows.onFailure(row),
                        row.getInt("state") == TaskState.DONE.number(),
                        row.getLong("done_at")));
            }
        }
        return edges;
    }

    private void settle(WriteConnection sql, List<OpenEdge> edges, Instant now, List<Moved> into) throws SQLException {
        Map<Long, Child> children =
                lock(sql, edges.stream().map(OpenEdge::child).distinct().toList());
        PreparedStatement release = sql.prepare(RELEASE);
        List<Child> released = new ArrayList<>();
        for (OpenEdge edge : edges) {
            Child child = children.get(edge.child());
            if (child == null) {
                // On its way to another store, where its parents are looked at again.
                continue;
            }
            if (edge.isDone() || edge.onFailure() == OnFailure.PROCEED) {
                release.setLong(1, edge.parent());
                release.setLong(2, edge.child());
                release.addBatch();
                released.add(child);
            } else if (edge.onFailure() == OnFailure.CANCEL && (!isLate || child.hasWaitedAt(edge.endedAt()))) {
                child.cancelled(edge.endedAt());
            }
        }
        if (!released.isEmpty()) {
            int[] counts = release.executeBatch();
            for (int i = 0; i < counts.length; i++) {
                // Zero when two have looked at a parent that had ended before: the other one has counted the edge.
                if (counts[i] > 0) {
                    released.get(i).released();
                }
            }
        }
        children.values().forEach(child -> child.goOn(now));
        change(sql, children.values(), into);
    }

    /** Locks children in the order of their ids, but for those that are on their way to another store. */
    private static Map<Long, Child> lock(WriteConnection sql, List<Long> ids) throws SQLException {
        PreparedStatement select = sql.prepare("SELECT id, state, lane, level, flags, limit_key, done_at, pending,"
                + " sort_key, due_at FROM task WHERE id " + sql.dialect().isOneOf(ids.size()) + " ORDER BY id"
                + sql.dialect().forUpdate());
        sql.dialect().bindIds(select, 1, ids);
        Map<Long, Child> children = new TreeMap<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                if (row.getInt("state") >= 0) {
                    children.put(row.getLong("id"), new Child(row));
                }
            }
        }
        return children;
    }

    private void change(WriteConnection sql, Collection<Child> children, List<Moved> into) throws SQLException {
        PreparedStatement change = sql.prepare(CHANGE);
        boolean isAny = false;
        for (Child child : children) {
            if (!child.isChanged) {
                continue;
            }
            isAny = true;
            change.setInt(1, child.next.number());
            change.setInt(2, child.pending);
            change.setLong(3, child.sortKey);
            Columns.setLong(change, 4, child.dueAt);
            Columns.setLong(change, 5, child.doneAt);
            change.setLong(6, child.id);
            change.addBatch();
            sql.changed(ChangeTopic.TASK, child.id);
            if (child.next != child.state) {
                into.add(new Moved(child.id, child.lane, child.state, child.next, child.sortKey, child.limitKey));
            }
            if (child.next == TaskState.CANCELLED
                    && child.state != TaskState.CANCELLED
                    && (child.flags & DependencyRows.HAS_CHILDREN) != 0) {
                ended.add(child.id);
            }
        }
        if (isAny) {
            change.executeBatch();
        }
    }

    /**
     * Cuts the open edges between tasks that leave and those of other shards: whoever waits is held, so that a person decides.
     *
     * @param ids the tasks that leave
     */
    public List<Moved> cut(WriteConnection sql, List<Long> ids) throws SQLException {
        List<OpenEdge> edges = new ArrayList<>();
        for (String end : List.of("parent", "child")) {
            PreparedStatement select = sql.prepare("SELECT d.parent, d.child FROM task_dep d WHERE d.released = 0"
                    + " AND d.parent & 255 <> d.child & 255 AND d." + end + " "
                    + sql.dialect().isOneOf(ids.size()) + " ORDER BY d.child, d.parent");
            sql.dialect().bindIds(select, 1, ids);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    edges.add(new OpenEdge(row.getLong("parent"), row.getLong("child"), OnFailure.BLOCK, false, 0));
                }
            }
        }
        List<Moved> moved = new ArrayList<>();
        for (OpenEdge edge : edges) {
            Child child = lock(sql, List.of(edge.child())).get(edge.child());
            PreparedStatement release = sql.prepare(RELEASE);
            release.setLong(1, edge.parent());
            release.setLong(2, edge.child());
            if (child != null && release.executeUpdate() > 0) {
                child.released();
                child.held();
                change(sql, List.of(child), moved);
            }
        }
        return moved;
    }
}

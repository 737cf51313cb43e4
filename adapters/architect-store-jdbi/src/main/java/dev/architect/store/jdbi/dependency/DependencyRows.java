package dev.architect.store.jdbi.dependency;

import dev.architect.graph.ParentOutcome;
import dev.architect.graph.TaskLink;
import dev.architect.shard.MovedTask.MovedEdge;
import dev.architect.store.jdbi.RowsInsert;
import dev.architect.store.jdbi.SqlDialect;
import dev.architect.store.jdbi.StoredText;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.task.ParentTask;
import dev.architect.task.ParentTask.OnFailure;
import dev.architect.task.TaskId;
import dev.architect.task.TaskState;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Rows of dependencies. Each change runs in a transaction of its caller. */
public final class DependencyRows {

    /** The flag of a task that others wait for, or have waited for. */
    public static final int HAS_CHILDREN = 32;

    private static final RowsInsert INSERT =
            new RowsInsert("task_dep (parent, child, number, on_failure, released)", 5);

    private static final String LINK =
            ", d.on_failure, d.released, t.state FROM task_dep d LEFT JOIN task t ON t.id = ";

    static final String PARENTS = "SELECT d.parent AS other" + LINK + "d.parent WHERE d.child = ? ORDER BY d.number";

    static final String CHILDREN =
            "SELECT d.child AS other" + LINK + "d.child WHERE d.parent = ? AND d.child > ? ORDER BY d.child LIMIT ?";

    /** In one transaction with the deletion of the parent, whose row is locked: those that may still read its result. */
    static final String NEEDED = "SELECT 1 FROM task_dep d JOIN task c ON c.id = d.child"
            + " WHERE d.parent = ? AND c.state <> 10 AND c.state <> -11 LIMIT 1";

    private static final int CANCEL = OnFailure.CANCEL.ordinal();

    private DependencyRows() {}

    /** One dependency; {@code number} is the place of the parent among those of the child. */
    record Edge(long parent, long child, int number, OnFailure onFailure, boolean isReleased) {}

    static void insert(WriteConnection sql, List<Edge> edges) throws SQLException {
        INSERT.insert(sql, edges, (row, first, edge) -> {
            row.setLong(first, edge.parent());
            row.setLong(first + 1, edge.child());
            row.setInt(first + 2, edge.number());
            row.setInt(first + 3, edge.onFailure().ordinal());
            row.setInt(first + 4, edge.isReleased() ? 1 : 0);
        });
    }

    static OnFailure onFailure(ResultSet row) throws SQLException {
        return OnFailure.values()[row.getInt("on_failure")];
    }

    /** The state of a row; one on its way to another store is read as it was before. */
    static TaskState state(int stored) {
        return TaskState.of(stored < 0 ? -1 - stored : stored);
    }

    /** Returns the parents of a task, in their order. */
    public static List<TaskLink> parents(Handle handle, TaskId child) {
        return handle.createQuery(PARENTS)
                .bind(0, child.value())
                .map((row, context) -> link(row))
                .list();
    }

    /** Returns the children of a task after one of them, in the order of their ids. */
    public static List<TaskLink> children(Handle handle, TaskId parent, Optional<TaskId> after, int limit) {
        return handle.createQuery(CHILDREN)
                .bind(0, parent.value())
                .bind(1, after.map(TaskId::value).orElse(-1L))
                .bind(2, limit)
                .map((row, context) -> link(row))
                .list();
    }

    private static TaskLink link(ResultSet row) throws SQLException {
        int state = row.getInt("state");
        boolean isGone = row.wasNull();
        return new TaskLink(
                new TaskId(row.getLong("other")),
                onFailure(row),
                row.getInt("released") != 0,
                isGone ? Optional.empty() : Optional.of(state(state)));
    }

    /**
     * Parents after a number that children wait for, each found by one look into the index of open edges, and whether their end was missed. A
     * child that was made ready again after its parent had failed waits rightly.
     */
    static final String OPEN_PARENTS = "WITH RECURSIVE w(parent, n) AS ("
            + "SELECT (SELECT min(parent) FROM task_dep WHERE released = 0 AND parent > ?), 1"
            + " UNION ALL SELECT (SELECT min(d.parent) FROM task_dep d WHERE d.released = 0 AND d.parent > w.parent), n + 1"
            + " FROM w WHERE w.parent IS NOT NULL AND w.n < ?)"
            + " SELECT w.parent, p.state = 10 OR p.state > 10 AND EXISTS (SELECT 1 FROM task_dep d JOIN task c ON c.id = d.child"
            + " WHERE d.parent = w.parent AND d.released = 0 AND (d.on_failure = 2 OR d.on_failure = 1 AND c.state IN (3, 5)"
            + " AND c.sort_key - c.level * 30000000::bigint < p.done_at)) AS missed"
            + " FROM w LEFT JOIN task p ON p.id = w.parent WHERE w.parent IS NOT NULL ORDER BY w.parent";

    /**
     * Some parents that children wait for.
     *
     * @param ended those whose end was missed
     * @param last where to go on; empty when there are no more
     */
    public record OpenParents(List<Long> ended, Optional<Long> last) {}

    /** Returns parents that children wait for, in the order of their ids: some may have been ended by a program that knew of no children. */
    public static OpenParents openParents(Handle handle, long after, int limit) {
        List<Long> ended = new ArrayList<>();
        long[] last = {after};
        int[] seen = {0};
        handle.createQuery(OPEN_PARENTS)
                .bind(0, after)
                .bind(1, limit)
                .map((row, context) -> new long[] {row.getLong("parent"), row.getBoolean("missed") ? 1 : 0})
                .forEach(parent -> {
                    last[0] = parent[0];
                    seen[0]++;
                    if (parent[1] > 0) {
                        ended.add(parent[0]);
                    }
                });
        return new OpenParents(ended, seen[0] < limit ? Optional.empty() : Optional.of(last[0]));
    }

    static String outcomes(SqlDialect dialect) {
        return "SELECT t.id, t.state, r.output FROM task_dep d JOIN task t ON t.id = d.parent " + dialect.resultJoin()
                + "WHERE d.child = ? ORDER BY d.number";
    }

    /** Returns what has become of the parents of a task, in their order. */
    public static List<ParentOutcome> outcomes(Handle handle, SqlDialect dialect, TaskId child) {
        return handle.createQuery(outcomes(dialect))
                .bind(0, child.value())
                .map((row, context) -> outcome(row))
                .list();
    }

    private static ParentOutcome outcome(ResultSet row) throws SQLException {
        TaskState state = state(row.getInt("state"));
        @Nullable String output = state == TaskState.DONE ? StoredText.read(row, "output") : null;
        return new ParentOutcome(new TaskId(row.getLong("id")), state, Optional.ofNullable(output));
    }

    /** The children that were cancelled in the transaction that ended their parent: they have ended at the same microsecond. */
    static String cancelledBy(SqlDialect dialect, int count) {
        return "SELECT d.child FROM task_dep d JOIN task p ON p.id = d.parent JOIN task c ON c.id = d.child"
                + " WHERE d.released = 0 AND d.on_failure = " + CANCEL
                + " AND +c.state = 12 AND c.done_at = p.done_at AND d.parent " + dialect.isOneOf(count)
                + " ORDER BY d.child";
    }

    /** Returns the tasks that were cancelled with others, level by level. */
    public static List<TaskId> cancelledBy(Handle handle, SqlDialect dialect, List<TaskId> ended) throws SQLException {
        Set<Long> found = new LinkedHashSet<>();
        List<Long> level = ended.stream().map(TaskId::value).distinct().toList();
        while (!level.isEmpty()) {
            List<Long> next = new ArrayList<>();
            for (int from = 0; from < level.size(); from += WriteConnection.MAX_IDS) {
                List<Long> part = level.subList(from, Math.min(level.size(), from + WriteConnection.MAX_IDS));
                try (PreparedStatement select =
                        handle.getConnection().prepareStatement(cancelledBy(dialect, part.size()))) {
                    dialect.bindIds(select, 1, part);
                    try (ResultSet row = select.executeQuery()) {
                        while (row.next()) {
                            if (found.add(row.getLong(1))) {
                                next.add(row.getLong(1));
                            }
                        }
                    }
                }
            }
            level = next;
        }
        return found.stream().map(TaskId::new).toList();
    }

    /** Whether a child of the task may still read its result. */
    public static boolean isNeeded(WriteConnection sql, long parent) throws SQLException {
        PreparedStatement select = sql.prepare(NEEDED);
        select.setLong(1, parent);
        try (ResultSet row = select.executeQuery()) {
            return row.next();
        }
    }

    /** Deletes the dependencies of tasks that are deleted on their parents. */
    public static void deleteOf(WriteConnection sql, List<Long> children) throws SQLException {
        PreparedStatement delete =
                sql.prepare("DELETE FROM task_dep WHERE child " + sql.dialect().isOneOf(children.size()));
        sql.dialect().bindIds(delete, 1, children);
        delete.executeUpdate();
    }

    /** Returns the dependencies of tasks on their parents, by the number of the task. */
    public static Map<Long, List<MovedEdge>> edgesOf(WriteConnection sql, List<Long> children) throws SQLException {
        PreparedStatement select = sql.prepare("SELECT parent, child, on_failure, released FROM task_dep WHERE child "
                + sql.dialect().isOneOf(children.size()) + " ORDER BY child, number");
        sql.dialect().bindIds(select, 1, children);
        Map<Long, List<MovedEdge>> edges = new HashMap<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                edges.computeIfAbsent(row.getLong("child"), id -> new ArrayList<>())
                        .add(new MovedEdge(
                                new ParentTask(new TaskId(row.getLong("parent")), onFailure(row)),
                                row.getInt("released") != 0));
            }
        }
        return edges;
    }

    /** Inserts the dependencies of tasks that have come from another store. */
    public static void arrive(WriteConnection sql, Map<Long, List<MovedEdge>> byChild) throws SQLException {
        List<Edge> edges = new ArrayList<>();
        Set<Long> parents = new LinkedHashSet<>();
        byChild.forEach((child, moved) -> {
            for (int i = 0; i < moved.size(); i++) {
                ParentTask parent = moved.get(i).parent();
                edges.add(new Edge(
                        parent.id().value(),
                        child,
                        i,
                        parent.onFailure(),
                        moved.get(i).isReleased()));
                parents.add(parent.id().value());
            }
        });
        insert(sql, edges);
        // Those that had left before their child was submitted.
        mark(sql, List.copyOf(parents));
    }

    /** Marks tasks as parents. */
    static void mark(WriteConnection sql, List<Long> parents) throws SQLException {
        for (int from = 0; from < parents.size(); from += WriteConnection.MAX_IDS) {
            List<Long> part = parents.subList(from, Math.min(parents.size(), from + WriteConnection.MAX_IDS));
            PreparedStatement mark = sql.prepare("UPDATE task SET flags = flags | 32 WHERE flags & 32 = 0 AND id "
                    + sql.dialect().isOneOf(part.size()));
            sql.dialect().bindIds(mark, 1, part);
            mark.executeUpdate();
        }
    }
}

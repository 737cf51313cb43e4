package dev.architect.store.jdbi.dependency;

import dev.architect.graph.ParentRefusedException;
import dev.architect.graph.ParentRefusedException.Reason;
import dev.architect.graph.TaskCycleException;
import dev.architect.shard.MovedTask.MovedEdge;
import dev.architect.store.jdbi.Columns;
import dev.architect.store.jdbi.SqlDialect;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.store.jdbi.dependency.DependencyRows.Edge;
import dev.architect.task.ParentTask;
import dev.architect.task.ParentTask.OnFailure;
import dev.architect.task.TaskId;
import dev.architect.task.TaskState;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The dependencies of tasks that are being submitted, in one transaction. The rows of their parents are locked first, in the order of their
 * ids: each of them has ended before, and counts at once, or ends afterwards and sees its children.
 */
public final class NewEdges {

    private static final String IN_GROUP = "SELECT 1 FROM shard_place LIMIT 1";

    private static final String SET = "UPDATE task SET pending = ?, due_at = coalesce(?, due_at) WHERE id = ?";

    private final List<Edge> edges = new ArrayList<>();
    private final Map<TaskId, Integer> pending = new HashMap<>();
    private final List<Long> doomed = new ArrayList<>();
    /** Parents that have failed and without which their children must not run. */
    private final Set<Long> failed = new HashSet<>();

    private final Set<Long> inner = new HashSet<>();

    private NewEdges() {}

    /**
     * Locks the parents of new tasks.
     *
     * @param tasks the parents of each new task; tasks without parents as well
     * @throws ParentRefusedException when a parent is missing, which is none of the new tasks itself
     */
    public static NewEdges of(WriteConnection sql, Map<TaskId, List<ParentTask>> tasks) throws SQLException {
        NewEdges planned = new NewEdges();
        Set<Long> outer = new TreeSet<>();
        tasks.values()
                .forEach(parents -> parents.stream()
                        .map(ParentTask::id)
                        .forEach(id -> (tasks.containsKey(id) ? planned.inner : outer).add(id.value())));
        if (outer.isEmpty() && planned.inner.isEmpty()) {
            return planned;
        }
        requireSameShards(sql, tasks);
        Map<Long, TaskState> states = lock(sql, List.copyOf(outer));
        tasks.forEach((child, parents) -> {
            if (!parents.isEmpty()) {
                planned.plan(child, parents, states);
            }
        });
        DependencyRows.mark(sql, List.copyOf(outer));
        return planned;
    }

    private static void requireSameShards(WriteConnection sql, Map<TaskId, List<ParentTask>> tasks)
            throws SQLException {
        try (ResultSet row = sql.prepare(IN_GROUP).executeQuery()) {
            if (!row.next()) {
                return;
            }
        }
        tasks.forEach((child, parents) -> parents.stream()
                .map(ParentTask::id)
                .filter(parent -> parent.shard() != child.shard())
                .findFirst()
                .ifPresent(parent -> {
                    throw new ParentRefusedException(parent, Reason.OTHER_SHARD);
                }));
    }

    /**
     * Puts the planned edges of one task, which is locked, in place of those that it has. A parent that has released it before does so for good.
     *
     * @return whether a parent has failed without which it must not run
     * @throws TaskCycleException when a parent waits for the task, itself or by others
     */
    public boolean replace(WriteConnection sql, TaskId child) throws SQLException {
        requireNoCycle(sql, child);
        List<Long> alone = List.of(child.value());
        DependencyRows.edgesOf(sql, alone).getOrDefault(child.value(), List.of()).stream()
                .filter(MovedEdge::isReleased)
                .forEach(edge -> release(edge.parent().id().value()));
        pending.put(
                child, (int) edges.stream().filter(edge -> !edge.isReleased()).count());
        DependencyRows.deleteOf(sql, alone);
        DependencyRows.insert(sql, edges);
        return !failed.isEmpty();
    }

    private void release(long parent) {
        failed.remove(parent);
        edges.replaceAll(edge ->
                edge.parent() == parent ? new Edge(parent, edge.child(), edge.number(), edge.onFailure(), true) : edge);
    }

    static String openParents(SqlDialect dialect, int count) {
        // Nor all open edges.
        return "SELECT d.parent, d.child FROM task_dep d WHERE +d.released = 0 AND d.child " + dialect.isOneOf(count)
                + " ORDER BY d.child, d.number";
    }

    /** Level by level upwards; edges are added to tasks that are there by one transaction at a time. */
    private void requireNoCycle(WriteConnection sql, TaskId child) throws SQLException {
        Map<TaskId, TaskId> below = new HashMap<>();
        Set<Long> seen = new TreeSet<>();
        edges.forEach(edge -> seen.add(edge.parent()));
        List<Long> level = List.copyOf(seen);
        while (!level.isEmpty()) {
            if (seen.contains(child.value())) {
                throw TaskCycleException.closedBy(child, below);
            }
            Set<Long> next = new TreeSet<>();
            for (int from = 0; from < level.size(); from += WriteConnection.MAX_IDS) {
                List<Long> part = level.subList(from, Math.min(level.size(), from + WriteConnection.MAX_IDS));
                PreparedStatement select = sql.prepare(openParents(sql.dialect(), part.size()));
                sql.dialect().bindIds(select, 1, part);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        if (seen.add(row.getLong("parent"))) {
                            next.add(row.getLong("parent"));
                            below.put(new TaskId(row.getLong("parent")), new TaskId(row.getLong("child")));
                        }
                    }
                }
            }
            level = List.copyOf(next);
        }
    }

    private static Map<Long, TaskState> lock(WriteConnection sql, List<Long> ids) throws SQLException {
        Map<Long, TaskState> states = new HashMap<>();
        for (int from = 0; from < ids.size(); from += WriteConnection.MAX_IDS) {
            List<Long> part = ids.subList(from, Math.min(ids.size(), from + WriteConnection.MAX_IDS));
            PreparedStatement select = sql.prepare(
                    "SELECT id, state FROM task WHERE id " + sql.dialect().isOneOf(part.size()) + " ORDER BY id"
                            + sql.dialect().forUpdate());
            sql.dialect().bindIds(select, 1, part);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    TaskState state = DependencyRows.state(row.getInt("state"));
                    // An unfinished one on its way to another store is not here any more.
                    if (row.getInt("state") >= 0 || state.isTerminal()) {
                        states.put(row.getLong("id"), state);
                    }
                }
            }
        }
        for (long id : ids) {
            if (!states.containsKey(id)) {
                throw new ParentRefusedException(new TaskId(id), Reason.UNKNOWN);
            }
        }
        return states;
    }

    private void plan(TaskId child, List<ParentTask> parents, Map<Long, TaskState> states) {
        int open = 0;
        boolean isDoomed = false;
        for (int i = 0; i < parents.size(); i++) {
            ParentTask parent = parents.get(i);
            @Nullable TaskState state = states.get(parent.id().value());
            boolean hasEnded = state != null && state.isTerminal();
            boolean isReleased = hasEnded && (state == TaskState.DONE || parent.onFailure() == OnFailure.PROCEED);
            if (hasEnded && !isReleased && parent.onFailure() == OnFailure.CANCEL) {
                isDoomed = true;
                failed.add(parent.id().value());
            }
            open += isReleased ? 0 : 1;
            edges.add(new Edge(parent.id().value(), child.value(), i, parent.onFailure(), isReleased));
        }
        pending.put(child, open);
        if (isDoomed) {
            doomed.add(child.value());
        }
    }

    /** How many parents a new task waits for. */
    public int pending(TaskId child) {
        return pending.getOrDefault(child, 0);
    }

    /** The flag of a new task that another one of them waits for; else 0. */
    public int flags(TaskId task) {
        return inner.contains(task.value()) ? DependencyRows.HAS_CHILDREN : 0;
    }

    /** Whether there are any. */
    public boolean isEmpty() {
        return edges.isEmpty();
    }

    /** When new tasks are due that wait for parents first. */
    @FunctionalInterface
    public interface DueTimes {
        @Nullable
        Long dueAt(TaskId child);
    }

    /**
     * Inserts the dependencies, after the tasks.
     *
     * @param dueTimes of tasks that wait for parents; null for those without one
     * @param ended gets the tasks that are to be cancelled, since a parent has failed without which they must not run
     */
    public void insert(WriteConnection sql, DueTimes dueTimes, EndedParents ended) throws SQLException {
        if (isEmpty()) {
            return;
        }
        DependencyRows.insert(sql, edges);
        PreparedStatement set = sql.prepare(SET);
        for (Map.Entry<TaskId, Integer> child : pending.entrySet()) {
            set.setInt(1, child.getValue());
            Columns.setLong(set, 2, child.getValue() > 0 ? dueTimes.dueAt(child.getKey()) : null);
            set.setLong(3, child.getKey().value());
            set.addBatch();
        }
        set.executeBatch();
        ended.cancel(doomed);
    }
}

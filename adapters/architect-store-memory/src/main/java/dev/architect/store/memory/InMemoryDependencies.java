package dev.architect.store.memory;

import dev.architect.graph.ParentOutcome;
import dev.architect.graph.ParentRefusedException;
import dev.architect.graph.ParentRefusedException.Reason;
import dev.architect.graph.TaskCycleException;
import dev.architect.graph.TaskLink;
import dev.architect.shard.MovedTask.MovedEdge;
import dev.architect.task.ParentTask;
import dev.architect.task.ParentTask.OnFailure;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Which tasks wait for which others. The children of a task that ends are seen to at the end of the change that ended it, and so are theirs.
 * Guarded by the store's lock.
 */
final class InMemoryDependencies {

    private final Map<TaskId, InMemoryTask> tasks;
    private final Map<TaskId, NavigableMap<TaskId, Edge>> children = new HashMap<>();
    private final Deque<Ended> ended = new ArrayDeque<>();

    /** That {@code child} waits for the parent, until it is released. */
    static final class Edge {
        private final InMemoryTask child;
        private final ParentTask parent;
        private boolean isReleased;

        private Edge(InMemoryTask child, ParentTask parent, boolean isReleased) {
            this.child = child;
            this.parent = parent;
            this.isReleased = isReleased;
        }
    }

    /** A parent that has ended; {@code isLate} when its children were out of reach then. */
    private record Ended(InMemoryTask parent, boolean isLate) {}

    /** Creates the table; {@code tasks} are those of the store. */
    InMemoryDependencies(Map<TaskId, InMemoryTask> tasks) {
        this.tasks = tasks;
    }

    /** Fails when a request names a parent that is not there, or one that another store may get. */
    void require(TaskRequest request, boolean isInGroup, Set<TaskId> together) {
        int shard = request.attribution().project().shard();
        for (ParentTask parent : request.options().parents()) {
            if (isInGroup && parent.id().shard() != shard) {
                throw new ParentRefusedException(parent.id(), Reason.OTHER_SHARD);
            }
            InMemoryTask task = tasks.get(parent.id());
            if (!together.contains(parent.id()) && (task == null || (task.isTaken && !task.state.isTerminal()))) {
                throw new ParentRefusedException(parent.id(), Reason.UNKNOWN);
            }
        }
    }

    /** Adds the edges of a new task, and returns whether it is to be cancelled: a parent has failed without which it must not run. */
    boolean attach(InMemoryTask child) {
        return attach(child, Set.of());
    }

    private boolean attach(InMemoryTask child, Set<TaskId> released) {
        boolean isDoomed = false;
        for (ParentTask parent : child.request.options().parents()) {
            InMemoryTask task = tasks.get(parent.id());
            // Those that are accepted together with it come later.
            boolean isEnded = task != null && task.state.isTerminal();
            Edge edge = new Edge(
                    child,
                    parent,
                    released.contains(parent.id()) || (isEnded && releases(Objects.requireNonNull(task), parent)));
            isDoomed |= isEnded && !edge.isReleased && parent.onFailure() == OnFailure.CANCEL;
            add(edge);
        }
        return isDoomed;
    }

    private void add(Edge edge) {
        edge.child.parents.add(edge);
        children.computeIfAbsent(edge.parent.id(), id -> new TreeMap<>()).put(edge.child.id, edge);
        edge.child.pending += edge.isReleased ? 0 : 1;
    }

    private static boolean releases(InMemoryTask parent, ParentTask edge) {
        return parent.state == TaskState.DONE || edge.onFailure() == OnFailure.PROCEED;
    }

    /** A task has ended. */
    void ended(InMemoryTask task) {
        add(task, false);
    }

    private void add(InMemoryTask task, boolean isLate) {
        if (children.containsKey(task.id)) {
            ended.add(new Ended(task, isLate));
        }
    }

    /**
     * Sees to the children of those that have ended.
     *
     * @param release is called with a child that waits for no parent any more
     * @param cancel cancels a child
     */
    void settle(Consumer<InMemoryTask> release, Consumer<InMemoryTask> cancel) {
        for (Ended next = ended.poll(); next != null; next = ended.poll()) {
            InMemoryTask parent = next.parent();
            for (Edge edge : List.copyOf(
                    children.getOrDefault(parent.id, new TreeMap<>()).values())) {
                // What is on its way to another store is seen to where it arrives, or when it is given back.
                if (!edge.isReleased && !edge.child.isTaken && parent.state.isTerminal()) {
                    settle(edge, next, release, cancel);
                }
            }
        }
    }

    private static void settle(Edge edge, Ended ended, Consumer<InMemoryTask> release, Consumer<InMemoryTask> cancel) {
        InMemoryTask child = edge.child;
        if (releases(ended.parent(), edge.parent)) {
            edge.isReleased = true;
            child.pending--;
            if (child.pending == 0 && child.state == TaskState.BLOCKED) {
                release.accept(child);
            }
        } else if (edge.parent.onFailure() == OnFailure.CANCEL
                && !child.state.isTerminal()
                // One that was made ready again since, to wait for the parent, is not cancelled once more.
                && (!ended.isLate() || child.readyAt().isBefore(Objects.requireNonNull(ended.parent().endedAt)))) {
            cancel.accept(child);
        }
    }

    /** Looks at the parents of a task again, which may have ended while it was out of reach. */
    void settleLater(InMemoryTask child) {
        add(child, true);
        for (Edge edge : child.parents) {
            InMemoryTask parent = edge.isReleased ? null : tasks.get(edge.parent.id());
            if (parent != null && parent.state.isTerminal() && !parent.isTaken) {
                add(parent, true);
            }
        }
    }

    /** Fails when a parent waits for the task, itself or by others. */
    void requireNoCycle(InMemoryTask child, List<ParentTask> parents) {
        Map<TaskId, TaskId> below = new HashMap<>();
        Set<TaskId> seen = new HashSet<>();
        Deque<TaskId> next = new ArrayDeque<>();
        for (ParentTask parent : parents) {
            if (seen.add(parent.id())) {
                next.add(parent.id());
            }
        }
        for (TaskId id = next.poll(); id != null; id = next.poll()) {
            if (id.equals(child.id)) {
                throw TaskCycleException.closedBy(id, below);
            }
            InMemoryTask task = tasks.get(id);
            for (Edge edge : task == null ? List.<Edge>of() : task.parents) {
                if (!edge.isReleased && seen.add(edge.parent.id())) {
                    below.put(edge.parent.id(), id);
                    next.add(edge.parent.id());
                }
            }
        }
    }

    /**
     * Gives a task the edges of its request in place of those that it has, and returns what {@link #attach} does. A parent that has released it before
     * does so for good.
     */
    boolean replace(InMemoryTask child) {
        Set<TaskId> released = child.parents.stream()
                .filter(edge -> edge.isReleased)
                .map(edge -> edge.parent.id())
                .collect(Collectors.toSet());
        remove(child);
        child.parents.clear();
        child.pending = 0;
        return attach(child, released);
    }

    /** Whether a child of the task may still read its result. */
    boolean isNeeded(InMemoryTask task) {
        return children.getOrDefault(task.id, new TreeMap<>()).values().stream()
                .anyMatch(edge -> edge.child.state != TaskState.DONE);
    }

    /** The task is no longer in this store. */
    void remove(InMemoryTask task) {
        for (Edge edge : task.parents) {
            NavigableMap<TaskId, Edge> siblings = children.get(edge.parent.id());
            if (siblings != null) {
                siblings.remove(task.id);
                if (siblings.isEmpty()) {
                    children.remove(edge.parent.id());
                }
            }
        }
    }

    /**
     * Cuts the open edges of a task to those of other shards, since its own leaves: whoever waits is held, so that a person decides.
     *
     * @param hold is called with each that has waited
     */
    void cut(InMemoryTask task, Consumer<InMemoryTask> hold) {
        List<Edge> edges = new ArrayList<>(task.parents);
        edges.addAll(children.getOrDefault(task.id, new TreeMap<>()).values());
        for (Edge edge : edges) {
            if (!edge.isReleased && edge.parent.id().shard() != edge.child.id.shard()) {
                edge.isReleased = true;
                edge.child.pending--;
                if (edge.child.state == TaskState.BLOCKED) {
                    hold.accept(edge.child);
                }
            }
        }
    }

    boolean hasChildren(InMemoryTask task) {
        return children.containsKey(task.id);
    }

    static List<MovedEdge> moved(InMemoryTask task) {
        return task.parents.stream()
                .map(edge -> new MovedEdge(edge.parent, edge.isReleased))
                .toList();
    }

    /** Adds the edges of a task that comes from another store. */
    void arrive(InMemoryTask task, List<MovedEdge> edges) {
        edges.forEach(edge -> add(new Edge(task, edge.parent(), edge.isReleased())));
    }

    List<TaskLink> parents(InMemoryTask task) {
        return task.parents.stream().map(edge -> link(edge, edge.parent.id())).toList();
    }

    List<TaskLink> children(TaskId id, Optional<TaskId> after, int limit) {
        NavigableMap<TaskId, Edge> all = children.getOrDefault(id, new TreeMap<>());
        return after.map(last -> all.tailMap(last, false)).orElse(all).values().stream()
                .limit(limit)
                .map(edge -> link(edge, edge.child.id))
                .toList();
    }

    private TaskLink link(Edge edge, TaskId other) {
        return new TaskLink(
                other,
                edge.parent.onFailure(),
                edge.isReleased,
                Optional.ofNullable(tasks.get(other)).map(task -> task.state));
    }

    List<ParentOutcome> outcomes(InMemoryTask task) {
        List<ParentOutcome> outcomes = new ArrayList<>();
        for (Edge edge : task.parents) {
            InMemoryTask parent = tasks.get(edge.parent.id());
            if (parent != null) {
                outcomes.add(new ParentOutcome(
                        parent.id,
                        parent.state,
                        Optional.ofNullable(parent.state == TaskState.DONE ? parent.output : null)));
            }
        }
        return outcomes;
    }

    List<TaskId> cancelledBy(Collection<TaskId> causes) {
        Set<TaskId> found = new LinkedHashSet<>();
        Deque<TaskId> next = new ArrayDeque<>(causes);
        for (TaskId id = next.poll(); id != null; id = next.poll()) {
            InMemoryTask parent = tasks.get(id);
            for (Edge edge : children.getOrDefault(id, new TreeMap<>()).values()) {
                if (parent != null && isCancelledWith(edge, parent) && found.add(edge.child.id)) {
                    next.add(edge.child.id);
                }
            }
        }
        return List.copyOf(found);
    }

    private static boolean isCancelledWith(Edge edge, InMemoryTask parent) {
        return !edge.isReleased
                && edge.parent.onFailure() == OnFailure.CANCEL
                && edge.child.state == TaskState.CANCELLED
                && Objects.equals(edge.child.endedAt, parent.endedAt);
    }
}

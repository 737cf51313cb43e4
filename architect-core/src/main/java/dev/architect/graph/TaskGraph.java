package dev.architect.graph;

import dev.architect.check.Check;
import dev.architect.task.ParentTask;
import dev.architect.task.ParentTask.OnFailure;
import dev.architect.task.TaskId;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import dev.architect.task.UniqueKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tasks that are accepted together, all or none, and of which some wait for others. A task may wait for tasks of other submissions as well, by
 * its {@linkplain TaskOptions#parents options}. Immutable.
 *
 * <pre>{@code
 * TaskGraph graph = TaskGraph.builder()
 *         .task("outline", outline)
 *         .task("chapter", chapter)
 *         .edge("outline", "chapter")
 *         .build();
 * }</pre>
 */
public final class TaskGraph {

    /** The most tasks of a graph. */
    public static final int MAX_TASKS = 10_000;

    /** The most edges of a graph. */
    public static final int MAX_EDGES = 100_000;

    private static final int MAX_NAME_CHARACTERS = 255;

    private final List<Node> nodes;

    private TaskGraph(List<Node> nodes) {
        this.nodes = List.copyOf(nodes);
    }

    /**
     * A task of a graph.
     *
     * @param name unique in the graph, 1 to 255 characters
     * @param request what to do; its parents are those outside the graph
     * @param parents those inside the graph
     */
    public record Node(String name, TaskRequest request, List<Edge> parents) {

        /** Copies the parents and checks every field. */
        public Node {
            Check.atMost("name", Check.notBlank("name", name), MAX_NAME_CHARACTERS);
            Check.notNull("request", request);
            parents = List.copyOf(Check.noNulls("parents", parents));
        }
    }

    /**
     * That a task waits for another one of its graph.
     *
     * @param parent the place of the parent in {@link TaskGraph#nodes}
     * @param onFailure what becomes of the child when the parent ends without success
     */
    public record Edge(int parent, OnFailure onFailure) {

        /** Checks every field. */
        public Edge {
            Check.notNegative("parent", parent);
            Check.notNull("onFailure", onFailure);
        }
    }

    /** Returns a builder of a graph without tasks. */
    public static Builder builder() {
        return new Builder();
    }

    /** The tasks in the order in which they were added. */
    public List<Node> nodes() {
        return nodes;
    }

    /** The names of the tasks, in their order. */
    public List<String> names() {
        return nodes.stream().map(Node::name).toList();
    }

    /** The tasks as they stand in the graph, in their order; of parents they name those outside the graph only. */
    public List<TaskRequest> requests() {
        return nodes.stream().map(Node::request).toList();
    }

    /**
     * Returns the tasks with all their parents, in their order.
     *
     * @param ids the id of each, in the same order
     * @throws IllegalArgumentException when the number of ids is not that of the tasks
     */
    public List<TaskRequest> requests(List<TaskId> ids) {
        if (Check.noNulls("ids", ids).size() != nodes.size()) {
            throw new IllegalArgumentException("ids has " + ids.size() + " elements, expected " + nodes.size());
        }
        List<TaskRequest> requests = new ArrayList<>(nodes.size());
        for (Node node : nodes) {
            if (node.parents().isEmpty()) {
                requests.add(node.request());
                continue;
            }
            List<ParentTask> parents = new ArrayList<>();
            node.parents().forEach(edge -> parents.add(new ParentTask(ids.get(edge.parent()), edge.onFailure())));
            parents.addAll(node.request().options().parents());
            requests.add(node.request().withOptions(node.request().options().withParents(parents)));
        }
        return requests;
    }

    /** Shows how many tasks and edges it has. */
    @Override
    public String toString() {
        int edges = nodes.stream().mapToInt(node -> node.parents().size()).sum();
        return "TaskGraph[tasks=" + nodes.size() + ", edges=" + edges + "]";
    }

    /** Collects tasks and edges. Used by one thread. */
    public static final class Builder {

        private final Map<String, TaskRequest> tasks = new LinkedHashMap<>();
        private final Map<String, Map<String, OnFailure>> parents = new HashMap<>();
        private int edges;

        private Builder() {}

        /**
         * Adds a task.
         *
         * @param name unique in the graph, 1 to 255 characters
         * @throws IllegalArgumentException when the name is taken, when the graph has {@link #MAX_TASKS} tasks, or when the task has a unique
         *     key that another task may stand for: its edges would belong to that one
         */
        public Builder task(String name, TaskRequest request) {
            Check.atMost("name", Check.notBlank("name", name), MAX_NAME_CHARACTERS);
            Check.notNull("request", request);
            request.options()
                    .uniqueKey()
                    .map(UniqueKey::onConflict)
                    .filter(answer -> answer != UniqueKey.OnConflict.REJECT)
                    .ifPresent(answer -> {
                        throw new IllegalArgumentException(
                                "onConflict of task '" + name + "' is " + answer + ", expected REJECT in a graph");
                    });
            if (tasks.size() == MAX_TASKS) {
                throw new IllegalArgumentException("graph has more than " + MAX_TASKS + " tasks, expected fewer");
            }
            if (tasks.putIfAbsent(name, request) != null) {
                throw new IllegalArgumentException("name '" + name + "' is taken, expected one for each task");
            }
            return this;
        }

        /** Makes one task wait for another one, and go on waiting when that ends without success. */
        public Builder edge(String parent, String child) {
            return edge(parent, child, OnFailure.BLOCK);
        }

        /**
         * Makes one task wait for another one. Both are added before or afterwards.
         *
         * @throws IllegalArgumentException when it does so already, or when the graph has {@link #MAX_EDGES} edges
         */
        public Builder edge(String parent, String child, OnFailure onFailure) {
            Check.notNull("parent", parent);
            Check.notNull("child", child);
            Check.notNull("onFailure", onFailure);
            if (edges == MAX_EDGES) {
                throw new IllegalArgumentException("graph has more than " + MAX_EDGES + " edges, expected fewer");
            }
            if (parents.computeIfAbsent(child, each -> new LinkedHashMap<>()).putIfAbsent(parent, onFailure) != null) {
                throw new IllegalArgumentException(
                        "edge from '" + parent + "' to '" + child + "' stands twice, expected once");
            }
            edges++;
            return this;
        }

        /**
         * Returns the graph.
         *
         * @throws TaskCycleException when tasks would wait for each other
         * @throws IllegalArgumentException when there is no task, when an edge names a task that is not there, or when a task has more than
         *     {@link TaskOptions#MAX_PARENTS} parents
         */
        public TaskGraph build() {
            if (tasks.isEmpty()) {
                throw new IllegalArgumentException("graph has no tasks, expected at least one");
            }
            Map<String, Integer> places = new HashMap<>();
            tasks.keySet().forEach(name -> places.put(name, places.size()));
            parents.forEach((child, named) -> {
                place(places, child);
                named.keySet().forEach(parent -> place(places, parent));
            });
            List<Node> nodes = new ArrayList<>(tasks.size());
            tasks.forEach((name, request) -> {
                List<Edge> own = new ArrayList<>();
                parents.getOrDefault(name, Map.of())
                        .forEach((parent, onFailure) -> own.add(new Edge(place(places, parent), onFailure)));
                int count = own.size() + request.options().parents().size();
                if (count > TaskOptions.MAX_PARENTS) {
                    throw new IllegalArgumentException("task '" + name + "' has " + count
                            + " parents, expected at most " + TaskOptions.MAX_PARENTS);
                }
                nodes.add(new Node(name, request, own));
            });
            requireNoCycle(nodes);
            return new TaskGraph(nodes);
        }

        private static int place(Map<String, Integer> places, String name) {
            Integer place = places.get(name);
            if (place == null) {
                throw new IllegalArgumentException(
                        "edge names the task '" + name + "', expected one of the graph's " + places.size());
            }
            return place;
        }

        /** Takes away what waits for nothing, over and over; what is left has a cycle. */
        private static void requireNoCycle(List<Node> nodes) {
            int[] open = new int[nodes.size()];
            List<List<Integer>> children = new ArrayList<>();
            nodes.forEach(node -> children.add(new ArrayList<>()));
            Deque<Integer> free = new ArrayDeque<>();
            for (int i = 0; i < nodes.size(); i++) {
                int child = i;
                open[i] = nodes.get(i).parents().size();
                nodes.get(i)
                        .parents()
                        .forEach(edge -> children.get(edge.parent()).add(child));
                if (open[i] == 0) {
                    free.add(i);
                }
            }
            int taken = 0;
            while (!free.isEmpty()) {
                taken++;
                for (int child : children.get(free.remove())) {
                    if (--open[child] == 0) {
                        free.add(child);
                    }
                }
            }
            if (taken < nodes.size()) {
                throw new TaskCycleException(cycle(nodes, open));
            }
        }

        /** Each task that is left has a parent that is left, so the way up from any of them comes to a task twice. */
        private static List<String> cycle(List<Node> nodes, int[] open) {
            int at = 0;
            while (open[at] == 0) {
                at++;
            }
            Map<Integer, Integer> steps = new HashMap<>();
            List<Integer> way = new ArrayList<>();
            while (steps.putIfAbsent(at, way.size()) == null) {
                way.add(at);
                at = nodes.get(at).parents().stream()
                        .mapToInt(Edge::parent)
                        .filter(parent -> open[parent] > 0)
                        .findFirst()
                        .orElseThrow();
            }
            List<Integer> around = new ArrayList<>(way.subList(steps.getOrDefault(at, 0), way.size()));
            Collections.reverse(around);
            // From the one that was added first on.
            Collections.rotate(around, -around.indexOf(Collections.min(around)));
            around.add(around.get(0));
            return around.stream().map(place -> nodes.get(place).name()).toList();
        }
    }
}

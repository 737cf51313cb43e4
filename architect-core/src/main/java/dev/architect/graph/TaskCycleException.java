package dev.architect.graph;

import dev.architect.check.Check;
import dev.architect.task.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Tasks would wait for each other for ever. Nothing was accepted. */
public final class TaskCycleException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> path;

    /**
     * Creates the exception.
     *
     * @param path the names of the tasks, each a parent of the next; the last one is the first again
     */
    public TaskCycleException(List<String> path) {
        super("edges have the cycle " + String.join(" -> ", Check.noNulls("path", path)) + ", expected none");
        this.path = List.copyOf(path);
    }

    /**
     * Returns the names in a cycle that a task would close which gets another parent.
     *
     * @param child the task
     * @param ways of tasks above that parent, the next one on the way down to it; the parent itself has none
     */
    public static TaskCycleException closedBy(TaskId child, Map<TaskId, TaskId> ways) {
        List<String> path = new ArrayList<>();
        Check.noNulls("ways", ways);
        for (TaskId at = Check.notNull("child", child); at != null; at = ways.get(at)) {
            path.add(at.toString());
        }
        path.add(child.toString());
        return new TaskCycleException(path);
    }

    /** The names of the tasks, each a parent of the next; the last one is the first again. */
    public List<String> path() {
        return path;
    }
}

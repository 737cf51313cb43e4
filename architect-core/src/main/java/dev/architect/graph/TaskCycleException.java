package dev.architect.graph;

import dev.architect.check.Check;
import java.util.List;

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

    /** The names of the tasks, each a parent of the next; the last one is the first again. */
    public List<String> path() {
        return path;
    }
}

package dev.architect.task;

import dev.architect.check.Check;
import java.util.List;
import java.util.Optional;

/**
 * A page of tasks for somebody who looks through a list. Immutable.
 *
 * @param tasks in the order of the query; may be fewer than it asks for, or none, while {@code next} is there
 * @param next the task after which the list goes on, which need not be one of the page; empty when nothing follows
 */
public record TaskPage(List<Task> tasks, Optional<TaskId> next) {

    /** A page without tasks that nothing follows. */
    public static final TaskPage NONE = new TaskPage(List.of(), Optional.empty());

    /** Copies the tasks. */
    public TaskPage {
        tasks = List.copyOf(Check.noNulls("tasks", tasks));
        Check.notNull("next", next);
    }

    /**
     * Returns the page of tasks that were read for it.
     *
     * @param read in the order of the query; one more than {@code limit} when something follows
     * @param limit the most tasks of the page, at least 1
     */
    public static TaskPage of(List<Task> read, int limit) {
        Check.range("limit", limit, 1, Integer.MAX_VALUE);
        if (Check.noNulls("read", read).size() <= limit) {
            return new TaskPage(read, Optional.empty());
        }
        List<Task> tasks = read.subList(0, limit);
        return new TaskPage(tasks, Optional.of(tasks.get(limit - 1).id()));
    }
}

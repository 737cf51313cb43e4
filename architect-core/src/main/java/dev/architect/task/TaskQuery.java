package dev.architect.task;

import dev.architect.check.Check;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which tasks to list, newest first.
 *
 * @param states only tasks in these states; empty means all
 * @param before only tasks with a smaller id, to read the next page; empty starts at the newest
 * @param limit the most tasks to return, 1 to 500
 */
public record TaskQuery(Set<TaskState> states, Optional<TaskId> before, int limit) {

    private static final int MAX_LIMIT = 500;

    /** Copies the states and checks every field. */
    public TaskQuery {
        Check.notNull("before", before);
        states = Check.noNulls("states", states).isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(states));
        Check.range("limit", limit, 1, MAX_LIMIT);
    }

    /** Returns a query for the newest tasks. */
    public static TaskQuery newest(int limit) {
        return new TaskQuery(Set.of(), Optional.empty(), limit);
    }
}

package dev.architect.store.jdbi;

import dev.architect.task.TaskState;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Lists tasks, newest first. Every state has an index of its own, so each is queried by itself and the newest of all of them
 * are kept: one condition over several states would read the table from its end until enough are found.
 */
final class TaskListSql {

    private static final String PAGE = " AND id < :before ORDER BY id DESC LIMIT :limit";

    /** Few tasks at any time: the plus keeps the planner from walking the key instead of the index of the state. */
    private static final String SHORT_PAGE = " AND +id < :before ORDER BY +id DESC LIMIT :limit";

    private TaskListSql() {}

    /** Returns the statement for tasks in {@code states}; empty means all. */
    static String select(Set<TaskState> states) {
        String ids = states.stream()
                .sorted()
                // A LIMIT inside a UNION needs a subquery of its own, and some databases ask for its name.
                .map(state -> "SELECT id FROM (" + ids(state) + ") AS page_" + state.number())
                .collect(Collectors.joining(" UNION ALL "));
        return TaskRow.SELECT + "WHERE " + (ids.isEmpty() ? "t.id < :before" : "t.id IN (" + ids + ")")
                + " ORDER BY t.id DESC LIMIT :limit";
    }

    private static String ids(TaskState state) {
        String inState = "SELECT id FROM task WHERE state = " + state.number();
        return switch (state) {
            case READY, HELD -> inState + PAGE;
            case RUNNING, SCHEDULED -> inState + SHORT_PAGE;
            // The second condition looks redundant; the planner needs it to see that the index of ended tasks applies.
            case DONE, DEAD, CANCELLED -> inState + " AND state >= 10" + PAGE;
        };
    }
}

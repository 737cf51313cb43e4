package dev.architect.lane;

import dev.architect.check.Check;
import dev.architect.task.TaskState;

/**
 * How many unfinished tasks of one type a lane has in a state.
 *
 * @param type the type of the tasks
 * @param state not a final one
 * @param tasks at least 1
 */
public record LaneCount(Lane lane, String type, TaskState state, long tasks) {

    /** Checks every field. */
    public LaneCount {
        Check.notNull("lane", lane);
        Check.notBlank("type", type);
        if (Check.notNull("state", state).isTerminal()) {
            throw new IllegalArgumentException("state is " + state + ", expected one that is not final");
        }
        if (tasks < 1) {
            throw new IllegalArgumentException("tasks is " + tasks + ", expected at least 1");
        }
    }
}

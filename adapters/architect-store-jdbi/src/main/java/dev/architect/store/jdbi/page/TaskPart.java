package dev.architect.store.jdbi.page;

import dev.architect.task.TaskState;

/**
 * How many tasks a lane has in a state.
 *
 * @param lane the number of the lane
 * @param state the number of the state
 * @param count how many
 */
public record TaskPart(long lane, int state, long count) {

    /** Whether it is of tasks that run, which no index for pages has. */
    public boolean isRunning() {
        return state == TaskState.RUNNING.number();
    }

    boolean isReady() {
        return state == TaskState.READY.number();
    }

    /** The condition on a row of {@code task} that it is one of them. */
    String condition() {
        return "lane = " + lane + " AND state = " + state;
    }
}

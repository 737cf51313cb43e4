package dev.architect.lane;

import dev.architect.check.Check;
import dev.architect.task.TaskState;
import java.util.Map;

/**
 * A lane with unfinished tasks.
 *
 * @param tasks how many unfinished tasks it has in each state; states without any are absent
 * @param weight its part of the session time, relative to other lanes: 1 to 1,000,000
 * @param isPaused whether none of its tasks is started
 * @param isDraining whether further tasks are refused
 */
public record LaneStatus(Lane lane, Map<TaskState, Long> tasks, int weight, boolean isPaused, boolean isDraining) {

    /** Copies the numbers and checks every field. */
    public LaneStatus {
        Check.notNull("lane", lane);
        tasks = Map.copyOf(Check.noNulls("tasks", tasks));
        Check.range("weight", weight, 1, LaneSettings.MAX_WEIGHT * LaneSettings.MAX_WEIGHT);
    }

    /** How many of its tasks run. */
    public long running() {
        return tasks.getOrDefault(TaskState.RUNNING, 0L);
    }

    /** How many of its tasks are unfinished and do not run. */
    public long waiting() {
        return tasks.values().stream().mapToLong(Long::longValue).sum() - running();
    }
}

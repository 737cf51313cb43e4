package dev.architect.shard;

import dev.architect.check.Check;
import dev.architect.task.TaskId;
import java.util.List;
import java.util.Optional;

/**
 * A part of the tasks of a shard that leave a store.
 *
 * @param tasks those that have left, with those of the same part that had left before
 * @param runningCount how many of the part still run
 * @param next where the next part begins; empty after the last one
 */
public record ShardBatch(List<MovedTask> tasks, int runningCount, Optional<TaskId> next) {

    /** Copies the list and checks every field. */
    public ShardBatch {
        tasks = List.copyOf(Check.noNulls("tasks", tasks));
        Check.notNegative("runningCount", runningCount);
        Check.notNull("next", next);
    }
}

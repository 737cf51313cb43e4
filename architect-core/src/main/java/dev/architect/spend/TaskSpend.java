package dev.architect.spend;

import dev.architect.check.Check;
import dev.architect.task.TaskId;
import java.util.List;

/**
 * What one task did and cost.
 *
 * @param task which
 * @param totals of all its calls
 * @param attempts those that made calls, by epoch; none when the task has made no call
 */
public record TaskSpend(TaskId task, SpendTotals totals, List<AttemptSpend> attempts) {

    /** Copies the attempts and checks every field. */
    public TaskSpend {
        Check.notNull("task", task);
        Check.notNull("totals", totals);
        attempts = List.copyOf(Check.noNulls("attempts", attempts));
    }
}

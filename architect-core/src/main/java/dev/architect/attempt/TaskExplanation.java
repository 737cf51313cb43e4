package dev.architect.attempt;

import dev.architect.check.Check;
import dev.architect.task.TaskId;
import dev.architect.task.TaskState;
import java.util.List;

/**
 * Why the attempts at a task ran where they ran.
 *
 * @param task the task
 * @param state where it stands
 * @param attempts its attempts, oldest first, the running one last
 */
public record TaskExplanation(TaskId task, TaskState state, List<AttemptExplanation> attempts) {

    /** Copies the attempts and checks every field. */
    public TaskExplanation {
        Check.notNull("task", task);
        Check.notNull("state", state);
        attempts = List.copyOf(Check.noNulls("attempts", attempts));
    }
}

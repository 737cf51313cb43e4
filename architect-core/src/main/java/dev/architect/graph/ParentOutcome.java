package dev.architect.graph;

import dev.architect.check.Check;
import dev.architect.task.TaskId;
import dev.architect.task.TaskState;
import java.util.Optional;

/**
 * How a parent of a task stands when its child reads it.
 *
 * @param task the parent
 * @param state its state; done, unless the child runs whatever becomes of it
 * @param output what its worker returned; empty unless it is done
 */
public record ParentOutcome(TaskId task, TaskState state, Optional<String> output) {

    /** Checks every field. */
    public ParentOutcome {
        Check.notNull("task", task);
        Check.notNull("state", state);
        Check.notNull("output", output);
    }

    /** Shows the task and its state, without the output. */
    @Override
    public String toString() {
        return "ParentOutcome[task=" + task + ", state=" + state + "]";
    }
}

package dev.architect.graph;

import dev.architect.check.Check;
import dev.architect.task.ParentTask.OnFailure;
import dev.architect.task.TaskId;
import dev.architect.task.TaskState;
import java.util.Optional;

/**
 * The other end of a dependency: a parent as its child sees it, or a child as its parent does.
 *
 * @param task the other task
 * @param onFailure what becomes of the child when the parent ends without success
 * @param isReleased whether the child waits for this parent no more
 * @param state where the other task stands; empty when it is not in the store any more
 */
public record TaskLink(TaskId task, OnFailure onFailure, boolean isReleased, Optional<TaskState> state) {

    /** Checks every field. */
    public TaskLink {
        Check.notNull("task", task);
        Check.notNull("onFailure", onFailure);
        Check.notNull("state", state);
    }
}

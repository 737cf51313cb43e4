package dev.architect.submission;

import dev.architect.check.Check;
import dev.architect.task.TaskId;

/**
 * What a submission brought.
 *
 * @param id the task
 * @param isNew whether this submission made it; false when an earlier one with the same key did
 */
public record AcceptedTask(TaskId id, boolean isNew) {

    /** Checks every field. */
    public AcceptedTask {
        Check.notNull("id", id);
    }
}

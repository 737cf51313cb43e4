package dev.architect.maintenance;

import dev.architect.check.Check;
import dev.architect.task.TaskId;
import java.time.Instant;

/**
 * Where a walk over old tasks stands: it goes from the oldest task to younger ones.
 *
 * @param createdAt when the last task that was seen was created
 * @param task that task
 */
public record PurgeCursor(Instant createdAt, TaskId task) {

    /** Checks every field. */
    public PurgeCursor {
        Check.notNull("createdAt", createdAt);
        Check.notNull("task", task);
    }
}

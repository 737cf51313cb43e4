package dev.architect.cost;

import dev.architect.check.Check;
import dev.architect.project.Attribution;
import dev.architect.task.TaskId;
import java.util.Optional;

/**
 * On whose behalf a call was made.
 *
 * @param requestId groups the calls of one request
 * @param task the task whose attempt made the call; empty for a direct request
 * @param epoch which claim of the task made it; 0 for a direct request
 * @param attribution what the cost is filed under
 */
public record CallOrigin(String requestId, Optional<TaskId> task, long epoch, Attribution attribution) {

    /** Checks every field. */
    public CallOrigin {
        Check.notBlank("requestId", requestId);
        Check.notNull("task", task);
        Check.notNegative("epoch", epoch);
        Check.notNull("attribution", attribution);
    }
}

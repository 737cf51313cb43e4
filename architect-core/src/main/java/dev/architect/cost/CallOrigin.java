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
 * @param taskType the type of that task; empty for a direct request, and for calls that were recorded before types were kept
 */
public record CallOrigin(
        String requestId, Optional<TaskId> task, long epoch, Attribution attribution, Optional<String> taskType) {

    private static final int MAX_TYPE = 200;

    /** Checks every field. */
    public CallOrigin {
        Check.notBlank("requestId", requestId);
        Check.notNull("task", task);
        Check.notNegative("epoch", epoch);
        Check.notNull("attribution", attribution);
        Check.notNull("taskType", taskType)
                .ifPresent(type -> Check.atMost("taskType", Check.notBlank("taskType", type), MAX_TYPE));
    }

    /** Creates the origin of a call whose task has no known type, or that is of a direct request. */
    public CallOrigin(String requestId, Optional<TaskId> task, long epoch, Attribution attribution) {
        this(requestId, task, epoch, attribution, Optional.empty());
    }
}

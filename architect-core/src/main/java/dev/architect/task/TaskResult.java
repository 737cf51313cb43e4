package dev.architect.task;

import dev.architect.check.Check;
import dev.architect.model.StopReason;
import java.util.Optional;

/**
 * How a task ended.
 *
 * @param id the task
 * @param state its final state
 * @param output what the worker returned; empty unless {@link TaskState#DONE}
 * @param error why it is dead or has expired, without prompt text; empty unless {@link TaskState#DEAD} or {@link TaskState#EXPIRED}
 * @param stopReason why the last answer that its last attempt received from a model ended: {@link StopReason#LENGTH} marks an
 *     output that was truncated. Empty without such an answer, and when cancelled
 */
public record TaskResult(
        TaskId id, TaskState state, Optional<String> output, Optional<String> error, Optional<StopReason> stopReason) {

    /** Checks every field, and that the state is final. */
    public TaskResult {
        Check.notNull("id", id);
        Check.notNull("state", state);
        Check.notNull("output", output);
        Check.notNull("error", error);
        Check.notNull("stopReason", stopReason);
        if (!state.isTerminal()) {
            throw new IllegalArgumentException("state is " + state + ", expected a final one");
        }
    }

    /** Whether it ended with a result. */
    public boolean isDone() {
        return state == TaskState.DONE;
    }

    /** Shows everything but the output. */
    @Override
    public String toString() {
        return "TaskResult[" + id + ", " + state
                + stopReason.map(reason -> ", " + reason).orElse("") + "]";
    }
}

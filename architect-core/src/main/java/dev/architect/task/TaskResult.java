package dev.architect.task;

import java.util.Optional;

/**
 * How a task ended.
 *
 * @param id the task
 * @param state its final state
 * @param output what the worker returned; empty unless {@link TaskState#DONE}
 * @param error why it is dead, without prompt text; empty unless {@link TaskState#DEAD}
 */
public record TaskResult(TaskId id, TaskState state, Optional<String> output, Optional<String> error) {

    /** Checks that the state is final. */
    public TaskResult {
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
        return "TaskResult[" + id + ", " + state + "]";
    }
}

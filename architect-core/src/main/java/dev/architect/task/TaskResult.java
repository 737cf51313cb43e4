package dev.architect.task;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a task ended.
 *
 * @param id the task
 * @param state its final state
 * @param outputOrNull what the worker returned; null unless {@link TaskState#DONE}
 * @param errorOrNull why it is dead, in words without prompt text; null unless {@link TaskState#DEAD}
 */
public record TaskResult(
        TaskId id,
        TaskState state,
        @Nullable String outputOrNull,
        @Nullable String errorOrNull) {

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

    /** What the worker returned. */
    public Optional<String> output() {
        return Optional.ofNullable(outputOrNull);
    }

    /** Why it is dead. */
    public Optional<String> error() {
        return Optional.ofNullable(errorOrNull);
    }

    /** Shows everything but the output. */
    @Override
    public String toString() {
        return "TaskResult[" + id + ", " + state + "]";
    }
}

package dev.architect.project.rule;

import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;

/** Submits tasks. Safe for use by several threads. */
@FunctionalInterface
public interface TaskStarter {

    /**
     * Checks and accepts a task; it is durable when this returns.
     *
     * @throws IllegalArgumentException when no worker performs such tasks, or the worker rejects it
     */
    TaskId start(TaskRequest request);
}

package dev.architect.task;

import dev.architect.error.ArchitectException;
import java.time.Duration;

/** A task had not ended when the waiting did. The task goes on. */
public final class TaskTimeoutException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final transient TaskId id;

    /** Creates the exception. */
    public TaskTimeoutException(TaskId id, Duration waited) {
        super("task " + id + " had not ended after " + waited.toMillis() + " ms");
        this.id = id;
    }

    /** The task. */
    public TaskId id() {
        return id;
    }
}

package dev.architect.task;

import dev.architect.error.ArchitectException;

/** There is no task with such an id. */
public final class TaskNotFoundException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final transient TaskId id;

    /** Creates the exception. */
    public TaskNotFoundException(TaskId id) {
        super("task " + id + " does not exist, expected the id of a submitted task");
        this.id = id;
    }

    /** The id that was looked up. */
    public TaskId id() {
        return id;
    }
}

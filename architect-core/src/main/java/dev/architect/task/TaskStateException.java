package dev.architect.task;

import dev.architect.error.ArchitectException;
import java.util.Locale;

/** A task is in a state in which it does not take the operation. It stays as it is. */
public final class TaskStateException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final transient TaskId id;
    private final TaskState state;

    /** Creates the exception; {@code expected} names the states, and what to do instead where there is something. */
    public TaskStateException(TaskId id, TaskState state, String expected) {
        super("task " + id + " is " + state.name().toLowerCase(Locale.ROOT) + ", expected " + expected);
        this.id = id;
        this.state = state;
    }

    /** The task. */
    public TaskId id() {
        return id;
    }

    /** Where it stood. */
    public TaskState state() {
        return state;
    }
}

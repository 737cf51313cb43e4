package dev.architect.maintenance;

import dev.architect.check.Check;
import dev.architect.error.ArchitectException;
import dev.architect.task.Task;

/** A task was not edited, because it has another {@linkplain Task#version() version} than its editor has seen. It stays as it is. */
public final class StaleTaskException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final transient Task current;

    /**
     * Creates the exception.
     *
     * @param seen the version that the editor has seen
     * @param current the task as it is now
     */
    public StaleTaskException(long seen, Task current) {
        super("task " + Check.notNull("current", current).id() + " has version " + current.version() + ", expected "
                + seen);
        this.current = current;
    }

    /** The task as it is now. */
    public Task current() {
        return current;
    }
}

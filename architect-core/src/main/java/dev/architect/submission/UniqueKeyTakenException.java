package dev.architect.submission;

import dev.architect.check.Check;
import dev.architect.error.ArchitectException;
import dev.architect.task.TaskId;

/** Another unfinished task of the project has the unique key. Nothing of the submission was accepted, or the task stays ended. */
public final class UniqueKeyTakenException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final String key;
    private final transient TaskId holder;

    /**
     * Creates the exception.
     *
     * @param key the value of the key
     * @param holder the task that has it
     */
    public UniqueKeyTakenException(String key, TaskId holder) {
        super("uniqueKey is '" + Check.notBlank("key", key) + "', which task " + Check.notNull("holder", holder)
                + " has, expected one that no unfinished task of the project has");
        this.key = key;
        this.holder = holder;
    }

    /** The value of the key. */
    public String key() {
        return key;
    }

    /** The task that has it. */
    public TaskId holder() {
        return holder;
    }
}

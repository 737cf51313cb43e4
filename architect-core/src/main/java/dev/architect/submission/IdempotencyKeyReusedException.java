package dev.architect.submission;

import dev.architect.error.ArchitectException;
import dev.architect.task.TaskId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An idempotency key was used before, for a task with another request. Nothing of the submission was accepted. */
public final class IdempotencyKeyReusedException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final transient IdempotencyKey key;
    private final transient @Nullable TaskId task;

    /**
     * Creates the exception.
     *
     * @param task the task that the key was used for; empty when it stands twice in one list
     */
    public IdempotencyKeyReusedException(IdempotencyKey key, Optional<TaskId> task) {
        super("idempotencyKey is '" + key + "', which was used for "
                + task.map(id -> "task " + id + " with ").orElse("")
                + "another request, expected the same request or another key");
        this.key = key;
        this.task = task.orElse(null);
    }

    /** The key. */
    public IdempotencyKey key() {
        return key;
    }

    /** The task that the key was used for; empty when the key stands twice in one list. */
    public Optional<TaskId> task() {
        return Optional.ofNullable(task);
    }
}

package dev.architect.task;

import java.time.Duration;
import java.util.Optional;

/** A submitted task, to wait for or to cancel. Safe for use by several threads; it stays valid after a restart by id. */
public interface TaskHandle {

    /** The task's id. */
    TaskId id();

    /**
     * Whether what returned this handle has made the task; false when an earlier submission did, with the same idempotency key or unique key.
     * True, as by default, where nothing was submitted.
     */
    default boolean isNew() {
        return true;
    }

    /**
     * Waits until the task has reached a final state.
     *
     * @throws TaskTimeoutException when it has not within {@code timeout}; the task goes on
     * @throws InterruptedException when the waiting thread is interrupted; the task goes on
     */
    TaskResult await(Duration timeout) throws InterruptedException;

    /** Returns how the task ended, empty while it has not. */
    Optional<TaskResult> result();

    /**
     * Requests the cancellation of the task. A waiting one is cancelled at once; a running one is interrupted, and may still end
     * in success when it was faster. A second request changes nothing.
     */
    void cancel();
}

package dev.architect.spi;

import dev.architect.task.TaskRequest;
import java.util.Set;

/**
 * Performs tasks of the types it names. May be called by many threads at once, each with a task of its own.
 */
public interface Worker {

    /** The task types this worker performs, at least one. */
    Set<String> types();

    /**
     * Checks a task before it is accepted; by default everything is fine.
     *
     * @throws IllegalArgumentException when this worker could never perform it, naming the field, the value and the
     *     expectation
     */
    default void check(TaskRequest request) {}

    /**
     * Returns how many more attempts could do their work now, zero or more. Asked before each claim, so that a task waits in the queue
     * and not in a slot; must return at once. Without a limit by default.
     */
    default int capacity() {
        return Integer.MAX_VALUE;
    }

    /**
     * When the slot of an attempt is free again; {@link Acknowledgement#DURABLE} by default.
     */
    default Acknowledgement acknowledgement() {
        return Acknowledgement.DURABLE;
    }

    /** When the slot of an attempt is free again. Nothing that was accepted is lost either way. */
    enum Acknowledgement {
        /** After its end is in the store: when the process dies, at most the attempts in slots run again. */
        DURABLE,
        /**
         * When the worker returns: for short tasks that may run again. When the process dies, as many as 2,000 attempts whose end is
         * not in the store yet run again, beside those in slots; while that many are not recorded, slots wait for theirs.
         */
        GROUPED
    }

    /**
     * Performs one attempt and returns its output, at most 10,000,000 characters.
     *
     * <p>A task may run more than once: effects outside the process use {@link TaskContext#fencingToken()} to be done once. An
     * {@link dev.architect.error.ArchitectException} that is transient is tried again; any other exception is too, for a
     * worker's bug is often a passing one, up to the task's number of attempts; a non-transient
     * {@code ArchitectException} and an {@link IllegalArgumentException} make the task dead at once. A
     * {@link dev.architect.task.NeedsInputException} holds the task until a person has answered.
     *
     * <p>What the task, its pages and the log say about a failure is the message of the {@code ArchitectException}, which therefore must hold no
     * secret and nothing of a prompt or an answer. It is how a worker passes on a text: {@code throw new ArchitectException("mailbox is
     * full, expected room for 1 message", cause)}. Of every other exception only the type and the places are kept, because its message may
     * quote what it was given; the same goes for causes. A task that has failed for good is logged as a warning, with its type and this trace.
     *
     * @throws InterruptedException when the attempt is cancelled, timed out, or the node stops
     * @throws Exception when it fails
     */
    String perform(TaskContext context) throws Exception;
}

package dev.architect.step;

import dev.architect.attempt.FencingToken;
import dev.architect.task.TaskId;
import java.util.List;
import java.util.Optional;

/**
 * Steps, progress and partial output of tasks. Every write is conditional on the fencing token of a running attempt: it is made in one
 * transaction with a lock on the task, so that whoever takes the task back comes before it or after it.
 *
 * <p>Methods block until the change is durable, throw a {@link dev.architect.error.StoreException} when the store fails, and are safe for use
 * by several threads. A purge deletes all of it with the task. Steps and progress move with a task to another store; partial output does not.
 */
public interface StepStore {

    /** The most parts that one call of {@link #output} returns. */
    int MAX_CHUNKS_READ = 1_000;

    /**
     * Records a step, unless there is one of that name.
     *
     * @return the step that is recorded: this one, or the earlier one
     * @throws AttemptLostException when the attempt has lost its task; nothing was recorded
     */
    TaskStep record(FencingToken fencingToken, String name, String output);

    /** Returns a step, empty when none of that name is recorded. */
    Optional<TaskStep> step(TaskId id, String name);

    /** Returns the steps of a task in the order in which they were recorded. */
    List<TaskStep> steps(TaskId id);

    /**
     * Replaces the progress of a task.
     *
     * @return false when the attempt has lost its task; nothing was changed
     */
    boolean saveProgress(FencingToken fencingToken, TaskProgress progress);

    /** Returns the progress of a task, empty when there is none. */
    Optional<TaskProgress> progress(TaskId id);

    /**
     * Adds parts of the attempt's output; those that are there already stay as they are. With the first one, what earlier attempts have written
     * is deleted.
     *
     * @param chunks parts of this attempt, in order
     * @return false when the attempt has lost its task; nothing was changed
     */
    boolean append(FencingToken fencingToken, List<OutputChunk> chunks);

    /**
     * Returns parts of the output of a task, in order.
     *
     * @param after only those with a larger number; 0 begins with the first
     * @param limit the most parts, 1 to {@value #MAX_CHUNKS_READ}
     */
    List<OutputChunk> output(TaskId id, long after, int limit);
}

package dev.architect.submission;

import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import java.util.List;

/**
 * Stores tasks in a transaction that a host has begun, for example {@code requests -> store.submit(connection, requests)} of a store that
 * can join one.
 *
 * @param <E> what it may throw
 */
@FunctionalInterface
public interface TaskInsert<E extends Exception> {

    /** Stores the tasks and returns their ids, in the same order. */
    List<TaskId> insert(List<TaskRequest> requests) throws E;
}

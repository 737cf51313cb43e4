package dev.architect.store.jdbi;

import dev.architect.submission.AcceptedTask;
import dev.architect.submission.TaskSubmission;
import java.sql.SQLException;
import java.util.List;

/** Submits tasks in the same transaction as another change. Safe for use by several threads. */
@FunctionalInterface
public interface TaskInserts {

    /**
     * Makes a change, which may submit tasks, and returns once it is durable. Blocks.
     *
     * @param submissions the tasks that it may submit; each may have a key
     * @throws dev.architect.error.StoreException when it was not made
     */
    <T> T write(List<TaskSubmission> submissions, Body<T> body);

    /**
     * A change that happens as a whole. It may be run again from its beginning, so it changes nothing else.
     *
     * @param <T> what it returns
     */
    @FunctionalInterface
    interface Body<T> {

        /** Makes the change in the transaction that {@code sql} is in. */
        T run(WriteConnection sql, Insert tasks) throws SQLException;
    }

    /** Submits the tasks. */
    @FunctionalInterface
    interface Insert {

        /** Submits them in the transaction, all or none, and returns one for each, in order. Called once. */
        List<AcceptedTask> insert() throws SQLException;
    }
}

package dev.architect.job;

import dev.architect.maintenance.TaskAction;
import dev.architect.maintenance.TaskFilter;
import dev.architect.task.TaskId;
import java.util.List;
import java.util.Set;

/** What jobs are done by: counts and changes tasks, and tells the engine. */
public interface BulkChanger {

    /** Returns how many tasks pass the filter now. */
    long count(TaskAction action, TaskFilter filter);

    /**
     * Does something to some tasks.
     *
     * @param ids at most {@link dev.architect.spi.TaskStore#MAX_BATCH}
     * @return those that it was done to
     */
    Set<TaskId> change(TaskAction action, List<TaskId> ids);
}

package dev.architect;

import dev.architect.check.Check;
import dev.architect.project.ProjectId;
import dev.architect.schedule.Scheduler;
import dev.architect.spi.TaskStore;
import dev.architect.task.KeyLimit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How many tasks with one {@linkplain dev.architect.task.TaskOptions#limitKey limit key} may be ready or run at once, over all nodes. A key
 * that has no limit of its own has {@link KeyLimit#DEFAULT}. Methods block for the store; safe for use by several threads.
 */
public final class Limits {

    private final TaskStore store;
    private final @Nullable Scheduler schedulerOrNull;

    Limits(TaskStore store, @Nullable Scheduler schedulerOrNull) {
        this.store = store;
        this.schedulerOrNull = schedulerOrNull;
    }

    /**
     * Sets the limit of a key, whether a task has it yet or not. A higher one lets more tasks run at once; with a lower one, those that are
     * ready or run already go on, and none follows until there are fewer.
     */
    public void set(KeyLimit limit) {
        store.setLimit(Check.notNull("limit", limit));
        if (schedulerOrNull != null) {
            schedulerOrNull.wake();
        }
    }

    /**
     * Gives a key the default limit again.
     *
     * @return whether a limit was set for it
     */
    public boolean remove(ProjectId project, String key) {
        return store.removeLimit(Check.notNull("project", project), Check.notBlank("key", key));
    }

    /**
     * Returns the limits that are set, in the order of project and key.
     *
     * @param after the last one of the page before; empty begins with the first
     * @param limit the most limits, 1 to {@link TaskStore#MAX_BATCH}
     */
    public List<KeyLimit> list(Optional<KeyLimit> after, int limit) {
        Check.notNull("after", after);
        return store.limits(after, Check.range("limit", limit, 1, TaskStore.MAX_BATCH));
    }
}

package dev.architect.schedule;

import dev.architect.maintenance.PurgeCursor;
import dev.architect.maintenance.PurgedTasks;
import dev.architect.maintenance.TaskRetention;
import dev.architect.node.NodeRole;
import dev.architect.node.RoleWork;
import dev.architect.spi.TaskStore;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes tasks that ended longer ago than they are kept: a round each ten minutes, in steps with pauses in between, so that others
 * write while it goes on. A role: on one node at a time. {@link #run} belongs to one loop.
 */
final class RetentionRounds implements RoleWork {

    /** The name of the role. */
    static final String ROLE = "architect.retention";

    private static final Logger LOG = LoggerFactory.getLogger(RetentionRounds.class);

    private static final Duration INTERVAL = Duration.ofMinutes(10);

    /** Five times as long as a step of so many tasks takes on a slow disk. */
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final TaskStore tasks;
    private final Supplier<TaskRetention> retention;
    private Optional<PurgeCursor> position = Optional.empty();
    private int deleted;
    private long epoch;

    RetentionRounds(TaskStore tasks, Supplier<TaskRetention> retention) {
        this.tasks = tasks;
        this.retention = retention;
    }

    @Override
    public Duration run(NodeRole role) {
        if (role.epoch() != epoch) {
            // Another node has held the role since, and may have deleted beyond this position.
            epoch = role.epoch();
            position = Optional.empty();
            deleted = 0;
        }
        PurgedTasks purged = tasks.purge(retention.get(), position, TaskStore.MAX_BATCH);
        deleted += purged.tasks();
        position = purged.next();
        if (position.isPresent()) {
            return PAUSE;
        }
        if (deleted > 0) {
            LOG.info("{} tasks were deleted that ended longer ago than tasks are kept", deleted);
        }
        deleted = 0;
        return INTERVAL;
    }
}

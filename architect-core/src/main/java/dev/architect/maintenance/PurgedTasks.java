package dev.architect.maintenance;

import dev.architect.check.Check;
import java.util.Optional;

/**
 * What one step of a purge did.
 *
 * @param tasks how many tasks it deleted
 * @param next where the next step goes on; empty when no older task is left to look at
 */
public record PurgedTasks(int tasks, Optional<PurgeCursor> next) {

    /** Checks every field. */
    public PurgedTasks {
        Check.range("tasks", tasks, 0, Integer.MAX_VALUE);
        Check.notNull("next", next);
    }
}

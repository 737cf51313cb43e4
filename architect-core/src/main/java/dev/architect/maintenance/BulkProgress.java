package dev.architect.maintenance;

import dev.architect.check.Check;
import dev.architect.task.TaskId;
import java.util.Optional;

/**
 * How far an action on many tasks has come. It goes by id, so that whoever goes on after {@link #last} meets each task once.
 *
 * @param done how many tasks it was done to
 * @param skipped how many were no longer in a state for it when it came to them, or had a unique key that another task has
 * @param last the last task that was looked at; empty before the first
 * @param isComplete whether no task is left
 */
public record BulkProgress(long done, long skipped, Optional<TaskId> last, boolean isComplete) {

    /** Nothing done yet. */
    public static final BulkProgress NONE = new BulkProgress(0, 0, Optional.empty(), false);

    /** Checks every field. */
    public BulkProgress {
        Check.notNegative("done", done);
        Check.notNegative("skipped", skipped);
        Check.notNull("last", last);
    }
}

package dev.architect.job;

import dev.architect.check.Check;
import dev.architect.filter.Filter;
import dev.architect.filter.InvalidFilterException;
import dev.architect.maintenance.TaskAction;
import dev.architect.maintenance.TaskFilter;
import dev.architect.maintenance.TaskFilterReader;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * What a job does to which tasks.
 *
 * @param action what is done
 * @param filter the tasks; where it names no state, those in a state that the action is for. To make ended tasks ready again it names one
 * @param zone the zone of days in the filter
 * @param expectedCount how many tasks the caller has seen, zero or more; empty for any number
 * @param startAfter when it starts, so that it can be stopped before; 0 to 60 seconds
 */
public record BulkJobRequest(
        TaskAction action, Filter filter, ZoneId zone, Optional<Long> expectedCount, Duration startAfter) {

    /** The longest time before a start. */
    public static final Duration LONGEST_START = Duration.ofSeconds(60);

    /** Checks every field. */
    public BulkJobRequest {
        Check.notNull("action", action);
        Check.notNull("filter", filter);
        Check.notNull("zone", zone);
        Check.notNull("expectedCount", expectedCount).ifPresent(count -> Check.notNegative("expectedCount", count));
        if (Check.notNegative("startAfter", startAfter).compareTo(LONGEST_START) > 0) {
            throw new IllegalArgumentException("startAfter is " + startAfter.toSeconds() + "s, expected at most "
                    + LONGEST_START.toSeconds() + "s");
        }
    }

    /**
     * Returns the tasks that it is for.
     *
     * @param now what times such as {@code -7d} are before
     * @throws InvalidFilterException when the filter asks for what there is not
     * @throws IllegalArgumentException when its states are none that the action is for
     */
    public TaskFilter tasks(Instant now) {
        TaskFilterReader reader = new TaskFilterReader(filter, zone, now);
        if (reader.states().isEmpty() && action.kind() == TaskAction.Kind.REDRIVE) {
            // A cancelled task was ended on purpose.
            throw new IllegalArgumentException(
                    "filter names no state, expected such as state:dead to make ended tasks ready again");
        }
        TaskFilter tasks = reader.filter(action.states());
        action.check(tasks);
        return tasks;
    }

    /** Whether a number of tasks is what the caller has seen, give or take one in a hundred. */
    public boolean expects(long count) {
        return expectedCount
                .map(expected -> Math.abs(count - expected) <= expected / 100)
                .orElse(true);
    }
}

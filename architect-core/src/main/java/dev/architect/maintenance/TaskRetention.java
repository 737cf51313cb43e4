package dev.architect.maintenance;

import dev.architect.check.Check;
import dev.architect.task.TaskState;
import java.time.Duration;

/**
 * How long ended tasks are kept, with their requests, results and attempts. What they cost stays in the ledger. A task that was
 * submitted with an idempotency key is kept at least as long as the key is remembered.
 *
 * @param done how long after its end a task with a result is kept, one minute or more
 * @param cancelled how long after its end a cancelled task is kept, one minute or more
 * @param dead how long after its end a dead task is kept, one minute or more
 */
public record TaskRetention(Duration done, Duration cancelled, Duration dead) {

    // Before the constants that are checked against them.
    /** Whoever awaits the end of a task in another process finds it within a second; a minute leaves room. */
    private static final Duration MIN = Duration.ofMinutes(1);

    private static final Duration MAX = Duration.ofDays(36_500);

    /** Never deleted. */
    public static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);

    /** Results and cancelled tasks for 7 days, dead tasks for 30. */
    public static final TaskRetention DEFAULT =
            new TaskRetention(Duration.ofDays(7), Duration.ofDays(7), Duration.ofDays(30));

    /** Nothing is deleted. */
    public static final TaskRetention KEEP_ALL = new TaskRetention(FOREVER, FOREVER, FOREVER);

    /** Checks every field. */
    public TaskRetention {
        Check.notNull("done", done);
        Check.notNull("cancelled", cancelled);
        Check.notNull("dead", dead);
        check("done", done);
        check("cancelled", cancelled);
        check("dead", dead);
    }

    private static void check(String field, Duration value) {
        if (!value.equals(FOREVER) && (value.compareTo(MIN) < 0 || value.compareTo(MAX) > 0)) {
            throw new IllegalArgumentException("retention of " + field + " tasks is " + value + ", expected " + MIN
                    + " to " + MAX + ", or FOREVER");
        }
    }

    /** Returns a copy that keeps results for another time. */
    public TaskRetention withDone(Duration changed) {
        return new TaskRetention(changed, cancelled, dead);
    }

    /** Returns a copy that keeps cancelled tasks for another time. */
    public TaskRetention withCancelled(Duration changed) {
        return new TaskRetention(done, changed, dead);
    }

    /** Returns a copy that keeps dead tasks for another time. */
    public TaskRetention withDead(Duration changed) {
        return new TaskRetention(done, cancelled, changed);
    }

    /** Returns how long tasks that ended in a state are kept; {@link #FOREVER} for states that are not final. */
    public Duration of(TaskState state) {
        return switch (state) {
            case DONE -> done;
            case CANCELLED, EXPIRED -> cancelled;
            case DEAD -> dead;
            case READY, RUNNING, SCHEDULED, BLOCKED, LIMITED, HELD -> FOREVER;
        };
    }

    /** Returns the shortest of the three times, {@link #FOREVER} when nothing is ever deleted. */
    public Duration shortest() {
        Duration ended = done.compareTo(cancelled) < 0 ? done : cancelled;
        return ended.compareTo(dead) < 0 ? ended : dead;
    }
}

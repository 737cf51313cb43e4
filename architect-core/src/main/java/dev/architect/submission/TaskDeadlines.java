package dev.architect.submission;

import dev.architect.check.Check;
import dev.architect.task.TaskOptions;
import java.time.Instant;
import java.util.Optional;

/**
 * When a task is given up. Counted from its acceptance, and after a redrive from that.
 *
 * @param expiresAt when it expires if it waits then; once it has begun, this is {@code endsBy}
 * @param endsBy when it expires whatever it does; empty without a limit over all its tries
 */
public record TaskDeadlines(Optional<Instant> expiresAt, Optional<Instant> endsBy) {

    /** Never. */
    public static final TaskDeadlines NONE = new TaskDeadlines(Optional.empty(), Optional.empty());

    /** Checks every field. */
    public TaskDeadlines {
        Check.notNull("expiresAt", expiresAt);
        Check.notNull("endsBy", endsBy);
    }

    /** The deadlines of a task that is accepted, or redriven, at {@code now}. */
    public static TaskDeadlines of(TaskOptions options, Instant now) {
        Check.notNull("now", now);
        Optional<Instant> endsBy =
                Check.notNull("options", options).timeLimits().total().map(now::plus);
        Optional<Instant> startsBy = options.expiresAfter().map(now::plus);
        return new TaskDeadlines(
                startsBy.filter(start -> endsBy.filter(start::isAfter).isEmpty())
                        .or(() -> endsBy),
                endsBy);
    }

    /** The same for a task that has begun: it may wait until its last deadline. */
    public TaskDeadlines begun() {
        return new TaskDeadlines(endsBy, endsBy);
    }

    /** Whether there is none. */
    public boolean isNone() {
        return equals(NONE);
    }
}

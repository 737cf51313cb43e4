package dev.architect.event;

import dev.architect.check.Check;
import dev.architect.task.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One line of the activity log.
 *
 * @param sequence its place in the log, assigned by the store; larger is newer; 0 before it is stored
 * @param at when it happened
 * @param kind the kind of event in lower case with dashes, for example {@code breaker-changed}; {@link #KINDS} are those of this version
 * @param task the task it is about; empty for events of the node
 * @param text what happened, in English, without prompt text
 */
public record ActivityEntry(long sequence, Instant at, String kind, Optional<TaskId> task, String text) {

    /** The kinds that this version writes. A log may hold others, which another version wrote. */
    public static final List<String> KINDS = List.of(
            "task-dead",
            "task-cancelled",
            "task-expired",
            "task-held",
            "task-resumed",
            "task-edited",
            "task-redriven",
            "attempt-ended",
            "call-failed",
            "failed-over",
            "answer-rejected",
            "breaker-changed",
            "budget-reached",
            "price-missing",
            "price-aged",
            "queue-changed",
            "type-paused",
            "type-resumed",
            "session-opened",
            "session-draining",
            "session-closed",
            "node-joined",
            "node-left",
            "tasks-recovered",
            "primary-changed",
            "commits-lost",
            "activity-given-up");

    /** Checks every field. */
    public ActivityEntry {
        Check.notNull("at", at);
        Check.notNull("kind", kind);
        Check.notNull("task", task);
        Check.notNull("text", text);
    }
}

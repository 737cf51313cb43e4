package dev.architect.task;

import dev.architect.check.Check;

/**
 * A task that another one waits for.
 *
 * @param id the parent
 * @param onFailure what becomes of the child when the parent ends without success
 */
public record ParentTask(TaskId id, OnFailure onFailure) {

    /** Checks every field. */
    public ParentTask {
        Check.notNull("parent", id);
        Check.notNull("onFailure", onFailure);
    }

    /** What becomes of a child when a parent ends without success: dead, cancelled or expired. */
    public enum OnFailure {
        /** It goes on waiting, for the parent to be made ready again. */
        BLOCK,
        /** It is cancelled, and with it what waits for it. */
        CANCEL,
        /** It runs all the same. */
        PROCEED
    }
}

package dev.architect.attempt;

import dev.architect.check.Check;
import dev.architect.task.TaskId;

/**
 * What proves the right to write an attempt: the task, the claim, and the node's incarnation that made it. A write whose
 * token no longer matches changes nothing.
 *
 * @param id the task
 * @param epoch which claim of the task
 * @param owner the incarnation that claimed it
 */
public record FencingToken(TaskId id, long epoch, long owner) {

    /** Checks every field. */
    public FencingToken {
        Check.notNull("id", id);
    }
}

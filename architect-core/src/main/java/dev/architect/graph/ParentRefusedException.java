package dev.architect.graph;

import dev.architect.check.Check;
import dev.architect.error.ArchitectException;
import dev.architect.task.TaskId;

/** A task names a parent that it cannot wait for. Nothing of the submission was accepted. */
public final class ParentRefusedException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final transient TaskId parent;
    private final Reason reason;

    /** Why a parent is refused. */
    public enum Reason {
        /** No task has this id: it was never accepted, or is deleted. */
        UNKNOWN("a task that the store has"),
        /** Of several stores another one has it, or may have it once their shards are moved. */
        OTHER_SHARD("a task of the same shard, since the store is one of several");

        private final String expected;

        Reason(String expected) {
            this.expected = expected;
        }
    }

    /** Creates the exception. */
    public ParentRefusedException(TaskId parent, Reason reason) {
        super("parents has the task " + Check.notNull("parent", parent) + ", expected "
                + Check.notNull("reason", reason).expected);
        this.parent = parent;
        this.reason = reason;
    }

    /** The parent. */
    public TaskId parent() {
        return parent;
    }

    /** Why it is refused. */
    public Reason reason() {
        return reason;
    }
}

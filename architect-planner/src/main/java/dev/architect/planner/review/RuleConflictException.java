package dev.architect.planner.review;

import dev.architect.error.ArchitectException;
import dev.architect.planner.check.ArgumentCheck;

/** A rule cannot be changed as it is now. Nothing was changed. */
public final class RuleConflictException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** Why. */
    public enum Reason {
        /** There is none of that id. */
        NOT_FOUND,
        /** Another rule has that id, or there are too many. */
        TAKEN,
        /** It was changed or deleted since. */
        STALE,
        /** It allows something, and this version of it was not tried. */
        NOT_TRIED
    }

    RuleConflictException(Reason reason, String message) {
        super(ArgumentCheck.notNull("message", message));
        this.reason = ArgumentCheck.notNull("reason", reason);
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }
}

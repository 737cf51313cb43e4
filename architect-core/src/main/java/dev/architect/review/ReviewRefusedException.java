package dev.architect.review;

import dev.architect.check.Check;
import dev.architect.error.ArchitectException;

/** A review does not take a decision, or an action may not start. Nothing was changed. */
public final class ReviewRefusedException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final long review;
    private final Reason reason;

    /** Why. */
    public enum Reason {
        /** Somebody else has decided, or it has ended. */
        ALREADY_DECIDED,
        /** What was decided about, or what is to be done, is not what the review has. */
        STALE,
        /** Who decides has asked. */
        OWN_WORK,
        /** It was given to somebody else. */
        DELEGATED,
        /** There is no approval, or it was used, taken back or refused. */
        NOT_APPROVED,
        /** The approval has expired. */
        EXPIRED,
        /** It is too late to take the decision back, or something has started. */
        TOO_LATE,
        /** This choice is not for a review of this kind, or needs judging that is not there. */
        NOT_POSSIBLE,
        /** A rule denies the action, and no approval changes that. */
        DENIED_BY_RULE,
        /** A person has refused the action. */
        DENIED,
        /** A person wants changes of the action. */
        CHANGES_WANTED
    }

    /** Creates the failure of a review. */
    public ReviewRefusedException(long review, Reason reason, String message) {
        super(Check.notNull("message", message));
        this.review = review;
        this.reason = Check.notNull("reason", reason);
    }

    /** The id of the review. */
    public long review() {
        return review;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }
}

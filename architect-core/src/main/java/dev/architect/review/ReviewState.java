package dev.architect.review;

/** Where a review stands. */
public enum ReviewState {
    /** Nobody has decided. */
    OPEN,
    /** A person has agreed, and nothing has started. */
    APPROVED,
    /** The approved action has started, or the answer was delivered. */
    USED,
    /** A person has refused, or nobody has decided in time where that refuses. */
    DENIED,
    /** A person wants changes first. */
    CHANGED,
    /** It was approved, and not started in time. */
    EXPIRED,
    /** Its task or its run has ended. */
    WITHDRAWN;

    /** Whether something may still come of it: it is open or approved. */
    public boolean isLive() {
        return this == OPEN || this == APPROVED;
    }
}

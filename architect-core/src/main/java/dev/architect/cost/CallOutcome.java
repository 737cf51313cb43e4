package dev.architect.cost;

/** How one call to a provider ended. */
public enum CallOutcome {
    /** With an answer. */
    ANSWERED,
    /** With a failure. */
    FAILED,
    /** The caller left. */
    CANCELLED,
    /** With an answer that a checker rejected. It is billed, and has no part in the baseline. */
    REJECTED
}

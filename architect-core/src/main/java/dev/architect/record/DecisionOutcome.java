package dev.architect.record;

/** What came of a request. The constants are stored: they are never renamed. */
public enum DecisionOutcome {
    /** It was answered. */
    ANSWERED,
    /** It was answered, and a checker rejected the answer. */
    REJECTED,
    /** It ended without an answer. */
    FAILED,
    /** Its caller left. */
    CANCELLED
}

package dev.architect.record;

/** Whether a host found an answer good enough. The constants are stored: they are never renamed. */
public enum FeedbackVerdict {
    /** It was. */
    ACCEPTED,
    /** It was not. */
    REJECTED,
    /** The host gave a score and leaves that open. */
    SCORED
}

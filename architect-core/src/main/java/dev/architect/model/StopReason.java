package dev.architect.model;

/** Why an answer ended. */
public enum StopReason {
    /** The model finished its answer. */
    COMPLETE,
    /** The limit of output tokens or the context window was reached; the text is truncated. */
    LENGTH,
    /** A stop sequence was produced. */
    STOP_SEQUENCE,
    /** The model calls tools and waits for their results. */
    TOOL_CALLS,
    /** The provider paused a long run of its own tools: the answer is not finished, and goes on when it is sent back. */
    PAUSED,
    /** The provider refused to answer; the text may be empty. */
    REFUSED,
    /** A reason that this version does not know. */
    OTHER
}

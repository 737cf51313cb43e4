package dev.architect.chat;

/** Why an answer ended. */
public enum StopReason {
    /** The model was done. */
    COMPLETE,
    /** The limit of produced tokens or the window was reached; the text is cut. */
    LENGTH,
    /** A stop sequence was produced. */
    STOP_SEQUENCE,
    /** The model wants tools called and their results. */
    TOOL_CALLS,
    /** The provider made a pause in long work of its own: the answer is not finished. */
    PAUSED,
    /** The provider refused; the text may be empty. */
    REFUSED,
    /** A reason this version does not know. */
    OTHER
}

package dev.architect.chat;

/** Why an answer ended. */
public enum StopReason {
    /** The model was done. */
    COMPLETE,
    /** The limit of produced tokens or the window was reached; the text is cut. */
    LENGTH,
    /** A stop sequence was produced. */
    STOP_SEQUENCE,
    /** The provider refused; the text may be empty. */
    REFUSED,
    /** A reason this version does not know. */
    OTHER
}

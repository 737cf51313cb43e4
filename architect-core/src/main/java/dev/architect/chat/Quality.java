package dev.architect.chat;

/** The least quality that an answer may have. */
public enum Quality {
    /** Decided by the router from the complexity of the prompt. */
    AUTO,
    /** Any model will do. */
    BASIC,
    /** A good general model. */
    STANDARD,
    /** One of the best models. */
    HIGH
}

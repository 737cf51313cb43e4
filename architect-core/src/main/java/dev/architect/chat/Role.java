package dev.architect.chat;

/** The author of a message. System instructions are not a message: see {@link ChatRequest#system()}. */
public enum Role {
    /** The person or program that makes the request. */
    USER,
    /** The model. */
    ASSISTANT
}

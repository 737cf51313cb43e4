package dev.architect.chat;

/** Who speaks. The system's words are not a turn: see {@link ChatRequest#system()}. */
public enum Role {
    /** The person or program that asks. */
    USER,
    /** The model. */
    ASSISTANT
}

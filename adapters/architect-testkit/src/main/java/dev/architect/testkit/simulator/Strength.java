package dev.architect.testkit.simulator;

/** How able a simulated model is; it chooses which of the recorded answers to a prompt the model gives. */
public enum Strength {
    /** A small model: it gives the recorded answer named {@code cheap}. */
    CHEAP,
    /** A large model: it gives the recorded answer named {@code strong}. */
    STRONG
}

package dev.architect.simulator.script;

/** How able a simulated model is; it chooses which of the recorded answers to a prompt the model gives. */
public enum ModelStrength {
    /** A small model: it gives the recorded answer named {@code cheap}. */
    CHEAP,
    /** A large model: it gives the recorded answer named {@code strong}. */
    STRONG
}

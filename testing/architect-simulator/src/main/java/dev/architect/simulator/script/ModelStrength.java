package dev.architect.simulator.script;

/** The capability of a simulated model, which selects one of the recorded answers to a prompt. */
public enum ModelStrength {
    /** A small model: it gives the recorded answer named {@code cheap}. */
    CHEAP,
    /** A large model: it gives the recorded answer named {@code strong}. */
    STRONG
}

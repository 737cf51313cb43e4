package dev.architect.chat;

/** How much reasoning precedes an answer. Each model supports some of the levels; an adapter rejects one that its model lacks. */
public enum ReasoningEffort {
    /** No reasoning. */
    NONE,
    /** The least that the model offers. */
    MINIMAL,
    /** Little reasoning, for the fastest and cheapest answers. */
    LOW,
    /** The usual amount. */
    MEDIUM,
    /** Much reasoning, for hard problems. */
    HIGH,
    /** More than {@link #HIGH}, where the vendor has a level between it and {@link #MAX}. */
    VERY_HIGH,
    /** The most that the model offers. */
    MAX
}

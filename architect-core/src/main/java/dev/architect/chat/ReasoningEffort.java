package dev.architect.chat;

/** How hard a model should think before it answers. Each model takes some of them. */
public enum ReasoningEffort {
    /** Not at all. */
    NONE,
    /** As little as it can. */
    MINIMAL,
    /** A little. */
    LOW,
    /** Usual. */
    MEDIUM,
    /** Much. */
    HIGH,
    /** More than much. */
    VERY_HIGH,
    /** As much as it can. */
    MAX
}

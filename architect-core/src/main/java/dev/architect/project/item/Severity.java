package dev.architect.project.item;

/** How much a bug hurts. */
public enum Severity {
    /** Nothing goes. */
    CRITICAL,
    /** Something important does not go. */
    MAJOR,
    /** There is a way around it. */
    MINOR,
    /** It is only ugly. */
    TRIVIAL
}

package dev.architect.project.item;

/** What an item is. */
public enum ItemKind {
    /** Something new. */
    FEATURE,
    /** Something that is wrong. */
    BUG,
    /** Something that has to be done. */
    CHORE
}

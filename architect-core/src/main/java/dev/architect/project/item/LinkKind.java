package dev.architect.project.item;

/** How two items have to do with each other. */
public enum LinkKind {
    /** The second may start after the first is done. */
    BLOCKS,
    /** They have to do with each other. */
    RELATES,
    /** The first is a duplicate of the second. */
    DUPLICATES,
    /** The second is the parent of the first. */
    PARENT
}

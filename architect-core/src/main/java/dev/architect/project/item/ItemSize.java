package dev.architect.project.item;

/** How big an item is, roughly. */
public enum ItemSize {
    /** Very small. */
    XS,
    /** Small. */
    S,
    /** Medium. */
    M,
    /** Large. */
    L,
    /** Very large. */
    XL
}

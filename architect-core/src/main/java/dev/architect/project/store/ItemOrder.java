package dev.architect.project.store;

/** What items are sorted by. Items with equal values are sorted by their ids. */
public enum ItemOrder {
    /** The place in the column. */
    POSITION,
    /** The number of the key. */
    NUMBER,
    /** The priority. */
    PRIORITY,
    /** The day until which it is wanted; none comes last. */
    DUE,
    /** When it was made. */
    CREATED,
    /** When it was last changed. */
    UPDATED
}

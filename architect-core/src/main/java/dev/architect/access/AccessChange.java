package dev.architect.access;

/** What became of a change of a user. */
public enum AccessChange {
    /** It was made. */
    DONE,
    /** There is no such user. */
    MISSING,
    /** The user was changed since the version that the caller knows; nothing was done. */
    STALE,
    /** No active admin would be left; nothing was done. */
    LAST_ADMIN
}

package dev.architect.shard;

/** Which tasks of a shard leave a store. */
public enum TakenTasks {
    /** Those that have ended; the store may still serve the shard. */
    ENDED,
    /** All but those that run. */
    IDLE,
    /** All; those that run are handed back, and their attempts have lost them. */
    ALL
}

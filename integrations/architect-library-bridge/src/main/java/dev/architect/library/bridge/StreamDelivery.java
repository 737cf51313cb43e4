package dev.architect.library.bridge;

/** When a stream reaches a reader that cannot take text back. */
public enum StreamDelivery {
    /**
     * As it comes. A call that breaks is made again, perhaps on another model; while the new answer repeats what was delivered,
     * the stream goes on without a trace. Where it differs, the stream ends with a failure.
     */
    LIVE,
    /**
     * Not before the answer is complete, then all of it, in the same deltas. Whatever breaks on the way is invisible. The whole
     * answer is held in memory meanwhile.
     */
    BUFFERED
}

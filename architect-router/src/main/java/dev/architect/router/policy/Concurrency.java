package dev.architect.router.policy;

/** How the number of calls to a model at the same time is limited. */
public enum Concurrency {
    /** To {@link ModelPolicy#maxConcurrent()}. */
    FIXED,
    /**
     * To a number that starts low, grows with answers up to {@link ModelPolicy#maxConcurrent()}, and falls when the provider refuses calls or
     * becomes slow.
     */
    ADAPTIVE
}

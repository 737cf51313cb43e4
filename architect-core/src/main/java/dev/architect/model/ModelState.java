package dev.architect.model;

/** Where a model is. */
public enum ModelState {
    /** The provider runs it for everybody. */
    HOSTED,
    /** A local server has it on its disk; the first call loads it. */
    PULLED,
    /** A local server has it in memory. */
    LOADED,
    /** A local server forwards calls to machines of its vendor. */
    REMOTE
}

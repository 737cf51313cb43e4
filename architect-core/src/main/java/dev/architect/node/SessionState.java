package dev.architect.node;

/** What a session does. */
public enum SessionState {

    /** It runs nothing and takes tasks. */
    IDLE,

    /** It runs tasks, and takes more while it has a free slot. */
    BUSY,

    /** It takes nothing more, and ends when it runs nothing any more. */
    DRAINING
}

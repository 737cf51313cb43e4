package dev.architect.store.jdbi;

/** How a store knows that the process of an incarnation is alive. Safe for use by several threads. */
public interface Liveness {

    /** Marks the incarnation as alive from now on. Called before other processes can see it. */
    void acquire(long incarnation);

    /** Ends the mark; nothing happens when there is none. */
    void release(long incarnation);

    /** Whether the process of the incarnation is certainly gone. */
    boolean isDead(long incarnation);

    /** Called after the incarnation was marked dead: removes what it left behind. */
    void forget(long incarnation);
}

package dev.architect.store.jdbi;

/** How a store knows that the process of an incarnation lives. Safe for use by several threads. */
public interface Liveness {

    /** Shows from now on that the incarnation lives. Called before others can see it. */
    void acquire(long incarnation);

    /** Shows it no longer. */
    void release(long incarnation);

    /** Whether the process of the incarnation is certainly gone. */
    boolean isDead(long incarnation);

    /** Called after the incarnation was marked dead: removes what it left behind. */
    void forget(long incarnation);
}

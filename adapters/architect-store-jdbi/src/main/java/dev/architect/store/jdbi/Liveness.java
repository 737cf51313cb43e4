package dev.architect.store.jdbi;

import java.time.Duration;

/** How a store knows that the process of an incarnation is alive. Safe for use by several threads. */
public interface Liveness {

    /** Marks the incarnation as alive from now on. Called before other processes can see it. */
    void acquire(long incarnation);

    /** Ends the mark; nothing happens when there is none. */
    void release(long incarnation);

    /** For how long a beat lets a node keep its tasks; longer than any process lives when no clock decides. */
    Duration validity();

    /** Whether the process of the incarnation is certainly gone. */
    boolean isDead(long incarnation);

    /** Called after the incarnation was marked dead: removes what it left behind. */
    void forget(long incarnation);
}

package dev.architect.spi;

import dev.architect.task.SessionInfo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Nodes and their sessions. An incarnation is one run of a node; its number is never used again. It keeps its tasks as long as
 * it is alive, which the store decides by its own means and never by a node's clock.
 */
public interface NodeStore {

    /** Registers a new incarnation that is alive, and returns its number, more than zero. */
    long join(String name);

    /**
     * Records that the incarnation is alive.
     *
     * @return for how long from the call on the incarnation keeps its tasks without another beat; empty when it already counts as
     *     dead, and must stop all its attempts
     */
    Optional<Duration> beat(long incarnation);

    /** Ends the incarnation in order. What it still runs is reaped by others, or by this node's next incarnation. */
    void leave(long incarnation);

    /** Marks the incarnations that have died, and returns all dead or left ones that still own tasks. */
    List<Long> deadOwners();

    /** Returns how many incarnations are alive. */
    int aliveCount();

    /** Replaces the stored sessions of an incarnation. */
    void saveSessions(long incarnation, List<SessionInfo> sessions);

    /** Returns the sessions of all incarnations that are alive. */
    List<SessionInfo> sessions();
}

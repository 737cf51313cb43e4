package dev.architect.spi;

import dev.architect.task.SessionInfo;
import java.util.List;

/**
 * Nodes and their sessions. An incarnation is one life of a node; its number is never used again. What it holds hangs on its
 * being alive, which the store judges by its own means and never by a node's clock.
 */
public interface NodeStore {

    /** Registers a new incarnation that is alive, and returns its number, more than zero. */
    long join(String name);

    /** Says that the incarnation lives; false when it is no longer held to be alive and must give up everything. */
    boolean heartbeat(long incarnation);

    /** Ends the incarnation in order. What it still runs is reaped by others, or by this node's next life. */
    void leave(long incarnation);

    /** Judges which incarnations are dead, marks them so, and returns all dead or left ones that still own tasks. */
    List<Long> deadOwners();

    /** Returns how many incarnations are alive. */
    int aliveCount();

    /** Keeps the sessions of an incarnation as they are now; those that are not named are gone. */
    void saveSessions(long incarnation, List<SessionInfo> sessions);

    /** Returns the sessions of all incarnations that are alive. */
    List<SessionInfo> sessions();
}

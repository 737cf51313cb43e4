package dev.architect.spi;

import dev.architect.node.NodeBeat;
import dev.architect.node.NodeInfo;
import dev.architect.node.NodeLoad;
import dev.architect.node.NodeOrder;
import dev.architect.node.NodeRecord;
import dev.architect.task.SessionInfo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Nodes and their sessions. An incarnation is one run of a node; its number is never used again. It keeps its tasks as long as
 * it is alive, which the store decides by its own means and never by a node's clock.
 */
public interface NodeStore {

    /** The shortest silence after which an incarnation may be ended early: two missed beats. */
    Duration SHORTEST_SILENCE = Duration.ofSeconds(3);

    /** Registers a new incarnation that is alive, and returns its number, more than zero. */
    long join(NodeInfo info);

    /** As {@link #join(NodeInfo)}, of a node of which only the name is known. */
    default long join(String name) {
        return join(NodeInfo.named(name));
    }

    /**
     * Records that the incarnation is alive, and what it carries.
     *
     * @return for how long from the call on the incarnation keeps its tasks without another beat, and what it is asked to do; empty when it
     *     already counts as dead, and must stop all its attempts
     */
    Optional<NodeBeat> beat(long incarnation, NodeLoad load);

    /** As {@link #beat(long, NodeLoad)}, of a node that carries nothing: for how long it keeps its tasks. */
    default Optional<Duration> beat(long incarnation) {
        return beat(incarnation, NodeLoad.NONE).map(NodeBeat::validity);
    }

    /** Ends the incarnation in order. What it still runs is reaped by others, or by this node's next incarnation. */
    void leave(long incarnation);

    /** Marks the incarnations that have died, and returns all dead or left ones that still own tasks. */
    List<Long> deadOwners();

    /**
     * Marks an incarnation as dead before its lease ends, for one that is suspected by other means, if it has not beaten for
     * {@code silence} by the means that the store judges by. A node that comes back has lost its tasks, as after any death.
     *
     * @param silence at least three seconds, two missed beats
     * @return whether the incarnation has ended, now or before
     * @throws IllegalArgumentException when the silence is shorter
     */
    boolean endSilent(long incarnation, Duration silence);

    /**
     * Asks an incarnation to do something. From the return on it claims nothing but with {@link NodeOrder#WORK}; it reads the order with its
     * next beat.
     *
     * @return false when the incarnation has ended or never was
     */
    boolean order(long incarnation, NodeOrder order);

    /** Returns all living incarnations, and those that have ended within the last hours, by number. */
    List<NodeRecord> nodes();

    /** Returns how many incarnations are alive. */
    int aliveCount();

    /** Replaces the stored sessions of an incarnation. */
    void saveSessions(long incarnation, List<SessionInfo> sessions);

    /** Returns the sessions of all incarnations that are alive, by incarnation; as each of them has saved them last. */
    Map<Long, List<SessionInfo>> sessionsByNode();

    /** Returns the sessions of all incarnations that are alive. */
    default List<SessionInfo> sessions() {
        return sessionsByNode().values().stream().flatMap(List::stream).toList();
    }
}

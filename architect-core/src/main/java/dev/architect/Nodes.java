package dev.architect;

import dev.architect.check.Check;
import dev.architect.node.AmbiguousNodeException;
import dev.architect.node.NodeNotFoundException;
import dev.architect.node.NodeOrder;
import dev.architect.node.NodeRecord;
import dev.architect.node.NodeRole;
import dev.architect.node.RoleRegistration;
import dev.architect.node.RoleWork;
import dev.architect.schedule.Scheduler;
import dev.architect.spi.Store;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that share the store, what they are asked to do, and the roles that one of them holds. An order is for one incarnation: a node that
 * is started again, or that has lost its lease, begins without.
 *
 * <p>Methods block for the store; safe for use by several threads.
 */
public final class Nodes {

    /** The beginning of the names of Architect's own roles. */
    private static final String RESERVED = "architect.";

    private final Store store;
    private final @Nullable Scheduler schedulerOrNull;

    Nodes(Store store, @Nullable Scheduler schedulerOrNull) {
        this.store = store;
        this.schedulerOrNull = schedulerOrNull;
    }

    /** Returns all living incarnations, and those that have ended within the last hours, by number. */
    public List<NodeRecord> list() {
        return store.nodes().nodes();
    }

    /** The incarnation of this node; empty when it performs no tasks, or is closed. Does not block. */
    public Optional<Long> incarnation() {
        return Optional.ofNullable(schedulerOrNull).map(Scheduler::incarnation).filter(incarnation -> incarnation > 0);
    }

    /**
     * Asks a node to claim no more tasks; what runs on it goes on to its end. It claims nothing more when this returns, and hands back what it
     * has not started within about a second.
     *
     * @throws NodeNotFoundException when no such incarnation is alive
     */
    public void cordon(long incarnation) {
        order(incarnation, NodeOrder.CORDON);
    }

    /**
     * As {@link #cordon(long)}, of the living node with that name.
     *
     * @throws NodeNotFoundException when there is none
     * @throws AmbiguousNodeException when there are several
     */
    public void cordon(String name) {
        cordon(incarnationOf(name));
    }

    /**
     * As {@link #cordon(long)}; what still runs on it after {@link ArchitectBuilder#stopTimeout} is interrupted and handed back, which costs no
     * try. It gives up its roles. Does not wait for that: {@link NodeRecord#load} shows what is left.
     *
     * @throws NodeNotFoundException when no such incarnation is alive
     */
    public void drain(long incarnation) {
        order(incarnation, NodeOrder.DRAIN);
    }

    /**
     * As {@link #drain(long)}, of the living node with that name.
     *
     * @throws NodeNotFoundException when there is none
     * @throws AmbiguousNodeException when there are several
     */
    public void drain(String name) {
        drain(incarnationOf(name));
    }

    /**
     * Takes back what a node was asked: it claims tasks again, unless its own host has {@linkplain Sessions#pause paused} it.
     *
     * @throws NodeNotFoundException when no such incarnation is alive
     */
    public void resume(long incarnation) {
        order(incarnation, NodeOrder.WORK);
    }

    /**
     * As {@link #resume(long)}, of the living node with that name.
     *
     * @throws NodeNotFoundException when there is none
     * @throws AmbiguousNodeException when there are several
     */
    public void resume(String name) {
        resume(incarnationOf(name));
    }

    private void order(long incarnation, NodeOrder order) {
        if (!store.nodes().order(incarnation, order)) {
            throw new NodeNotFoundException(String.valueOf(incarnation));
        }
        if (schedulerOrNull != null) {
            schedulerOrNull.ordered(incarnation);
        }
    }

    private long incarnationOf(String name) {
        Check.notBlank("name", name);
        List<Long> found = store.nodes().nodes().stream()
                .filter(node -> node.state().isAlive() && node.info().name().equals(name))
                .map(NodeRecord::incarnation)
                .toList();
        if (found.isEmpty()) {
            throw new NodeNotFoundException(name);
        }
        if (found.size() > 1) {
            throw new AmbiguousNodeException(name, found);
        }
        return found.get(0);
    }

    /** Returns all roles that were ever taken, by name; those without a living holder are free. */
    public List<NodeRole> roles() {
        return store.cluster().roles();
    }

    /**
     * Takes part in a role: while this node holds it, its work is called on a thread of its own. One node at a time holds a role; each one that
     * takes part does the same work. A node keeps its roles until it stops, drains, dies, or a call of the work takes longer than five seconds;
     * another one then takes them within about a second, or after a death when its lease has ended.
     *
     * <p>Two nodes may do the work at the same time for a moment, when the holder hangs or stands still: {@link NodeRole#epoch} tells the newer one
     * apart, and {@link #isHeld} whether a role has been lost.
     *
     * @param name at most {@value NodeRole#MAX_NAME_LENGTH} characters; not beginning with {@code architect.}
     * @throws IllegalStateException when this node performs no tasks, takes part in that role already or in a hundred others, or is closed
     */
    public RoleRegistration role(String name, RoleWork work) {
        if (Check.notBlank("name", name).startsWith(RESERVED)) {
            throw new IllegalArgumentException("name is '" + name + "', expected none that begins with " + RESERVED);
        }
        Check.notNull("work", work);
        if (schedulerOrNull == null) {
            throw new IllegalStateException("this node performs no tasks, expected one that does to hold a role");
        }
        return schedulerOrNull.addRole(name, work);
    }

    /** Whether a role is still held as it was taken. */
    public boolean isHeld(NodeRole role) {
        return store.cluster().isHeld(Check.notNull("role", role));
    }
}

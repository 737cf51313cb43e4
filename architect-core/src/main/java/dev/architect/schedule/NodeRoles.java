package dev.architect.schedule;

import dev.architect.check.Check;
import dev.architect.loop.EngineLoop;
import dev.architect.loop.EngineThreads;
import dev.architect.node.NodeRole;
import dev.architect.node.RoleRegistration;
import dev.architect.node.RoleWork;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** The roles that this node takes: those of the engine, and those of its host. Safe for use by several threads. */
final class NodeRoles {

    /** The most roles of a node; each has a thread. */
    static final int MAX_ROLES = 100;

    private final Store store;
    private final TimeSource time;
    private final EngineThreads threads;
    private final NodeLease lease;
    private final BooleanSupplier mayHold;
    private final List<RoleLoop> roles = new CopyOnWriteArrayList<>();
    private boolean isStarted;
    private boolean isStopped;

    /** Creates it without a role; {@code mayHold} is whether this node may have roles at the moment. */
    NodeRoles(Store store, TimeSource time, EngineThreads threads, NodeLease lease, BooleanSupplier mayHold) {
        this.store = store;
        this.time = time;
        this.threads = threads;
        this.lease = lease;
        this.mayHold = mayHold;
    }

    /**
     * Adds a role. Its loop runs from {@link #start} on.
     *
     * @throws IllegalStateException when there is one of that name, too many, or the node has stopped
     */
    synchronized RoleRegistration add(String name, RoleWork work) {
        String checked = new NodeRole(name, 0, 0).name();
        Check.notNull("work", work);
        if (isStopped) {
            throw new IllegalStateException("this node has stopped, expected one that runs");
        }
        if (roles.stream().anyMatch(role -> role.name().equals(checked))) {
            throw new IllegalStateException("role '" + checked + "' was added twice, expected once on a node");
        }
        if (roles.size() >= MAX_ROLES) {
            throw new IllegalStateException("this node has " + MAX_ROLES + " roles, expected no more");
        }
        RoleLoop role = new RoleLoop(checked, work, store, time, threads, lease, mayHold, roles::remove);
        roles.add(role);
        if (isStarted) {
            role.loop().start();
        }
        return role;
    }

    /** Starts the loops. */
    synchronized void start() {
        isStarted = true;
        roles.forEach(role -> role.loop().start());
    }

    List<EngineLoop> loops() {
        return roles.stream().map(RoleLoop::loop).toList();
    }

    /** Looks at every role soon. Never blocks. */
    void signal() {
        roles.forEach(role -> role.loop().signal());
    }

    /** Gives up roles whose work hangs. Waits for nothing. */
    void look() {
        roles.forEach(RoleLoop::look);
    }

    /** Gives every role up. */
    void stop() {
        synchronized (this) {
            isStopped = true;
        }
        roles.forEach(RoleLoop::stop);
        roles.forEach(RoleLoop::end);
    }
}

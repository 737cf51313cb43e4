package dev.architect.schedule;

import dev.architect.loop.EngineLoop;
import dev.architect.loop.EngineThreads;
import dev.architect.node.ClusterStore;
import dev.architect.node.NodeRole;
import dev.architect.node.RoleRegistration;
import dev.architect.node.RoleWork;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a role when it is free, and does its work while the role is held and the node's lease lasts.
 *
 * <ol>
 *   <li>A role hangs on the incarnation of its holder. One that was taken by an earlier incarnation is lost, without a look at the store.
 *   <li>Before each call of the work the store is asked whether the role is still held: a node that stood still may have lost it.
 *   <li>A node that has its share of the roles leaves a free one to others for a while, then takes it all the same.
 *   <li>A node that has more than its share, because others have joined, gives one role after the other up. One that no other node takes it
 *       keeps for longer.
 *   <li>A call that takes too long costs the role. Another thread gives it up, because this one hangs; afterwards the role is left to
 *       others for a while.
 * </ol>
 *
 * <p>{@link #step} belongs to the loop; the other methods are safe for use by several threads.
 */
final class RoleLoop implements RoleRegistration {

    private static final Logger LOG = LoggerFactory.getLogger(RoleLoop.class);

    /** The longest time between two looks at a role. With the grace, it is free for less than a second after an orderly stop of its holder. */
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(600);

    private static final Duration SHORTEST_WAIT = Duration.ofMillis(10);

    private static final Duration LONGEST_WAIT = Duration.ofDays(365);

    /** A call that takes longer costs the role. */
    static final Duration LONGEST_CALL = Duration.ofSeconds(5);

    /** How long a role is left to nodes that have fewer; they get a hint where the store gives any. */
    private static final Duration GRACE = Duration.ofMillis(300);

    /** How long a role is left to others after a call here took too long. */
    private static final Duration PENALTY = Duration.ofSeconds(15);

    /** How long a role is left to others that is one too many here. */
    private static final Duration OFFER = Duration.ofSeconds(2);

    /** The time between two looks whether this node has more than its share. */
    private static final Duration BALANCE_INTERVAL = Duration.ofSeconds(30);

    /** The same, after no other node took the role: none may be able to do its work. */
    private static final Duration UNWANTED_INTERVAL = Duration.ofMinutes(10);

    /** How long a stop waits for a call of the work. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(1);

    private final String name;
    private final RoleWork work;
    private final Store store;
    private final TimeSource time;
    private final EngineThreads threads;
    private final NodeLease lease;
    private final BooleanSupplier mayHold;
    private final Consumer<RoleLoop> onClose;
    private final EngineLoop loop;
    private final AtomicBoolean isReturning = new AtomicBoolean();
    private volatile @Nullable NodeRole held;
    /** Taken from a call that hangs, and not yet given up in the store. */
    private volatile @Nullable NodeRole returned;

    /** Since when a call of the work, or the look before it, has been going on; null while there is none. */
    private volatile @Nullable Long callingSince;

    /** Until when the role is left to others; null while it is not. */
    private volatile @Nullable Long leftUntil;

    // These belong to the loop.
    private long nextCall;
    private long nextBalance;
    private boolean isOffered;
    private boolean isWaiting;
    private long waitingSince;

    /**
     * Creates a loop that does nothing until it is started.
     *
     * @param mayHold whether this node may have roles at all
     * @param onClose is called when the role is closed
     */
    RoleLoop(
            String name,
            RoleWork work,
            Store store,
            TimeSource time,
            EngineThreads threads,
            NodeLease lease,
            BooleanSupplier mayHold,
            Consumer<RoleLoop> onClose) {
        this.name = name;
        this.work = work;
        this.store = store;
        this.time = time;
        this.threads = threads;
        this.lease = lease;
        this.mayHold = mayHold;
        this.onClose = onClose;
        this.loop = new EngineLoop("role", this::step, time, threads);
    }

    @Override
    public String name() {
        return name;
    }

    EngineLoop loop() {
        return loop;
    }

    @Override
    public Optional<NodeRole> held() {
        return Optional.ofNullable(held).filter(role -> role.holder() == lease.incarnation() && !lease.isOver());
    }

    private Duration step() throws InterruptedException {
        NodeRole role = held;
        if (role != null && role.holder() != lease.incarnation()) {
            LOG.info("role {} is lost with incarnation {}", name, role.holder());
            held = null;
            role = null;
        }
        if (!mayHold.getAsBoolean()) {
            if (role != null) {
                giveUp(role);
            }
            return LOOK_INTERVAL;
        }
        if (!lease.mayStart()) {
            // The role is kept: it ends with the lease, and the next beat may come.
            return LOOK_INTERVAL;
        }
        if (role == null) {
            role = take();
            if (role == null) {
                return isWaiting ? GRACE : LOOK_INTERVAL;
            }
            nextCall = time.nanoTime();
        } else if (time.nanoTime() - nextBalance >= 0 && isOneTooMany()) {
            LOG.info("role {} of epoch {} is offered to other nodes, which have fewer", name, role.epoch());
            leaveToOthers(OFFER);
            isOffered = true;
            giveUp(role);
            return LOOK_INTERVAL;
        }
        return perform(role);
    }

    /** Whether this node has more than its share of the roles, and this one is the next to go. */
    private boolean isOneTooMany() {
        nextBalance = time.nanoTime() + BALANCE_INTERVAL.toNanos();
        long mine = 0;
        long occupied = 0;
        for (NodeRole role : store.cluster().roles()) {
            if (!role.isFree()) {
                occupied++;
                if (role.holder() == lease.incarnation()) {
                    mine++;
                    if (role.name().compareTo(name) > 0) {
                        return false;
                    }
                }
            }
        }
        return mine > share(occupied);
    }

    private void leaveToOthers(Duration span) {
        leftUntil = time.nanoTime() + span.toNanos();
    }

    private Duration perform(NodeRole role) throws InterruptedException {
        Duration untilCall = Duration.ofNanos(nextCall - time.nanoTime());
        if (untilCall.isNegative() || untilCall.isZero()) {
            callingSince = time.nanoTime();
            try {
                if (!store.cluster().isHeld(role)) {
                    LOG.warn("role {} of epoch {} is lost", name, role.epoch());
                    forget(role);
                    return Duration.ZERO;
                }
                untilCall = bounded(work.run(role));
            } finally {
                callingSince = null;
            }
            nextCall = time.nanoTime() + untilCall.toNanos();
        }
        return untilCall.compareTo(LOOK_INTERVAL) < 0 ? untilCall : LOOK_INTERVAL;
    }

    /** The work is code of the host, which may ask for no wait at all, or for one beyond the clock's range. */
    private static Duration bounded(Duration wait) {
        if (wait.compareTo(SHORTEST_WAIT) < 0) {
            return SHORTEST_WAIT;
        }
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }

    private @Nullable NodeRole take() {
        Long left = leftUntil;
        if (returned != null || (left != null && time.nanoTime() - left < 0)) {
            return null;
        }
        leftUntil = null;
        if (!isFree()) {
            return null;
        }
        NodeRole taken = store.cluster().takeRole(name, lease.incarnation()).orElse(null);
        if (taken != null) {
            LOG.info("this node holds role {} in epoch {}", name, taken.epoch());
            isWaiting = false;
            nextBalance = time.nanoTime() + (isOffered ? UNWANTED_INTERVAL : BALANCE_INTERVAL).toNanos();
            isOffered = false;
            held = taken;
        }
        return taken;
    }

    /** Whether the role has no holder, and is this node's to take. */
    private boolean isFree() {
        ClusterStore cluster = store.cluster();
        long mine = 0;
        long occupied = 1;
        for (NodeRole role : cluster.roles()) {
            if (role.name().equals(name)) {
                if (role.holder() == lease.incarnation()) {
                    // A reply that was lost, or one that could not be given back.
                    return true;
                }
                if (!role.isFree()) {
                    isWaiting = false;
                    isOffered = false;
                    return false;
                }
            } else if (!role.isFree()) {
                occupied++;
                mine += role.holder() == lease.incarnation() ? 1 : 0;
            }
        }
        return mine == 0 || mine < share(occupied) || hasWaited();
    }

    private long share(long roles) {
        int alive = Math.max(1, store.nodes().aliveCount());
        return (roles + alive - 1) / alive;
    }

    private boolean hasWaited() {
        long now = time.nanoTime();
        if (!isWaiting) {
            isWaiting = true;
            waitingSince = now;
        }
        return now - waitingSince >= GRACE.toNanos();
    }

    /** Takes the role from a call that hangs. Called by another loop, which waits for nothing. */
    void look() {
        NodeRole role = held;
        Long since = callingSince;
        if (role != null && since != null && time.nanoTime() - since >= LONGEST_CALL.toNanos()) {
            LOG.warn("role {} is given up, because a call of its work takes longer than {}", name, LONGEST_CALL);
            leaveToOthers(PENALTY);
            returned = role;
            forget(role);
        }
        NodeRole toReturn = returned;
        if (toReturn != null && isReturning.compareAndSet(false, true)) {
            try {
                threads.run("role", () -> giveBack(toReturn), noThread -> isReturning.set(false));
            } catch (Throwable noThread) {
                // The next look tries again.
                isReturning.set(false);
            }
        }
    }

    private void giveBack(NodeRole role) {
        try {
            store.cluster().giveUpRole(role);
            returned = null;
        } catch (Throwable failure) {
            // An Error as well: the next look tries again.
            LOG.warn("role {} cannot be given up yet: {}", name, failure.getMessage());
        } finally {
            isReturning.set(false);
        }
    }

    private void giveUp(NodeRole role) {
        store.cluster().giveUpRole(role);
        LOG.info("role {} of epoch {} is given up", name, role.epoch());
        forget(role);
    }

    private synchronized void forget(NodeRole role) {
        if (role.equals(held)) {
            held = null;
        }
    }

    /** Lets the call in progress be the last one. */
    void stop() {
        loop.stop();
    }

    /** Waits for the last call, then frees the role for other nodes. */
    void end() {
        loop.join(STOP_TIMEOUT);
        NodeRole role = held;
        if (role == null || !lease.mayStart()) {
            // A store that takes no beat would only be waited for, and the role ends with the lease.
            return;
        }
        try {
            giveUp(role);
        } catch (Throwable failure) {
            // An Error as well: the stop has to go on, and the role ends with the incarnation.
            LOG.warn("role {} cannot be given up: {}", name, failure.getMessage());
        }
    }

    @Override
    public void close() {
        onClose.accept(this);
        stop();
        end();
    }
}

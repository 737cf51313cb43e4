package dev.architect.schedule;

import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.loop.EngineThreads;
import dev.architect.node.NodeOrder;
import dev.architect.spi.TimeSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what the store asks of this node: claims nothing more, lets what runs go on or drains it, and claims again. An order is for one
 * incarnation; the next one begins without.
 *
 * <p>{@link #read} belongs to the thread that beats and waits for nothing: a drain has a thread of its own.
 */
final class OrderHandler implements NodeLease.Orders {

    private static final Logger LOG = LoggerFactory.getLogger(OrderHandler.class);

    private final TaskClaimer claimer;
    private final TimeSource time;
    private final EngineThreads threads;
    private final EventListener events;
    private final Runnable onChange;
    private final Predicate<BooleanSupplier> drain;
    private final AtomicBoolean isDraining = new AtomicBoolean();
    private volatile Given given = new Given(0, NodeOrder.WORK);
    private volatile Given drained = given;

    /** An order, and which incarnation it is for. */
    private record Given(long incarnation, NodeOrder order) {}

    /**
     * Creates a handler of a node without an order.
     *
     * @param onChange is called after each change; waits for nothing
     * @param drain ends what runs, as long as its argument is false; returns whether it has come to its end
     */
    OrderHandler(
            TaskClaimer claimer,
            TimeSource time,
            EngineThreads threads,
            EventListener events,
            Runnable onChange,
            Predicate<BooleanSupplier> drain) {
        this.claimer = claimer;
        this.time = time;
        this.threads = threads;
        this.events = events;
        this.onChange = onChange;
        this.drain = drain;
    }

    /** What the node is asked to do, as far as it knows. */
    NodeOrder order() {
        return given.order();
    }

    @Override
    public void read(long incarnation, NodeOrder order) {
        Given before = given;
        Given now = new Given(incarnation, order);
        if (!now.equals(before)) {
            given = now;
            if (order == NodeOrder.WORK) {
                resume(before);
            } else {
                stopClaims();
            }
        }
        if (order == NodeOrder.DRAIN && !now.equals(drained)) {
            // With each beat until it has come to its end: there may have been no thread for it.
            startDrain();
        }
    }

    private void resume(Given before) {
        if (before.order() != NodeOrder.WORK) {
            drained = given;
            claimer.startByOrder();
            onChange.run();
            LOG.info("node {} may claim tasks again", given.incarnation());
            events.onEvent(new Event.NodeResumed(time.wallTime(), given.incarnation()));
        }
    }

    private void stopClaims() {
        claimer.stopByOrder();
        claimer.handBackUnstarted();
        onChange.run();
        LOG.info("node {} claims no more tasks, by the order {}", given.incarnation(), given.order());
        events.onEvent(new Event.NodeCordoned(time.wallTime(), given.incarnation(), given.order()));
    }

    private void startDrain() {
        if (!isDraining.compareAndSet(false, true)) {
            return;
        }
        try {
            // The order of now: when the thread begins, another one may be in force.
            Given asked = given;
            threads.run("drain", () -> drain(asked), noThread -> isDraining.set(false));
        } catch (Throwable noThread) {
            isDraining.set(false);
            LOG.warn("there is no thread to drain this node, which is tried again: {}", noThread.getMessage());
        }
    }

    private void drain(Given asked) {
        try {
            if (drain.test(() -> !given.equals(asked))) {
                drained = asked;
                LOG.info("node {} is drained", asked.incarnation());
                events.onEvent(new Event.NodeDrained(time.wallTime(), asked.incarnation()));
            }
        } finally {
            isDraining.set(false);
        }
    }
}

package dev.architect.testkit.simulation;

import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A real thread that runs one simulated thread after another: a simulation has about a hundred, and starting one takes long. */
final class CarrierThread extends Thread {

    private static final Queue<CarrierThread> IDLE = new ConcurrentLinkedQueue<>();

    private volatile @Nullable SimulatedThread assigned;

    private CarrierThread() {
        setDaemon(true);
        setName("simulation");
    }

    /** Assigns an idle carrier, which begins when the turn of {@code thread} comes. */
    static void assign(SimulatedThread thread) {
        CarrierThread carrier = IDLE.poll();
        boolean isNew = carrier == null;
        if (isNew) {
            carrier = new CarrierThread();
        }
        thread.carrier = carrier;
        carrier.assigned = thread;
        if (isNew) {
            carrier.start();
        }
    }

    SimulatedThread thread() {
        return Objects.requireNonNull(assigned, "no simulated thread runs here");
    }

    @Override
    public void run() {
        while (true) {
            SimulatedThread thread = awaitTurn();
            thread.hasTurn = false;
            thread.schedule.run(thread);
            // An interruption must not reach the next one.
            Thread.interrupted();
            assigned = null;
            IDLE.add(this);
            thread.schedule.end(thread);
        }
    }

    private SimulatedThread awaitTurn() {
        while (true) {
            SimulatedThread thread = assigned;
            if (thread != null && thread.hasTurn) {
                return thread;
            }
            LockSupport.park(this);
        }
    }

    /** Another thread's interruption takes effect when the turn of the interrupted one comes, so that no two run at once. */
    @Override
    public void interrupt() {
        SimulatedThread thread = assigned;
        if (thread == null || Thread.currentThread() == this) {
            super.interrupt();
        } else {
            thread.schedule.interrupt(thread);
        }
    }

    /** Sets the interrupt flag of the thread that calls. */
    void setInterrupted() {
        super.interrupt();
    }
}

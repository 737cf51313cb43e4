package dev.architect.testkit.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Lets the threads of a simulation run one at a time, in an order that follows from a seed, with a clock that moves only when none
 * of them can run.
 *
 * <p>The thread whose turn it is passes the turn on where it waits, ends, or is at a {@link #yield point} where another one may come
 * between. Everything that is not a simulated thread's own belongs to the thread whose turn it is, so nothing needs a lock: passing
 * the turn orders memory.
 */
final class ThreadSchedule {

    /** A simulation that has not ended after so many turns goes round in circles. */
    private static final int TURN_LIMIT = 2_000_000;

    /** A turn that lasts longer blocks on something that is not simulated. In real time. */
    private static final Duration REAL_TIMEOUT = Duration.ofSeconds(60);

    private final SplittableRandom random;
    private final Trace trace;
    private final double yieldRate;
    private final List<SimulatedThread> runnable = new ArrayList<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final List<SimulatedThread> alive = new ArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private long nanos;
    private long lastWait;
    private long lastTimer;
    private int lastNumber;
    private int turns;
    private @Nullable Throwable failure;
    private boolean stopping;

    /** Something that happens at a time; several at the same time happen in the order in which they were planned. */
    private record Timer(long at, long number, Runnable action) implements Comparable<Timer> {

        @Override
        public int compareTo(Timer other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
        }
    }

    ThreadSchedule(SplittableRandom random, Trace trace, double yieldRate) {
        this.random = random;
        this.trace = trace;
        this.yieldRate = yieldRate;
    }

    long nanos() {
        return nanos;
    }

    int turns() {
        return turns;
    }

    /** How many threads have not ended. */
    int aliveCount() {
        return alive.size();
    }

    List<SimulatedThread> alive() {
        return alive;
    }

    /** Plans something that does not wait. */
    void at(long atNanos, Runnable action) {
        timers.add(new Timer(Math.max(atNanos, nanos), ++lastTimer, action));
    }

    /** Adds a thread, whose turn comes later. */
    SimulatedThread start(SimulatedProcess process, String name, Runnable work) {
        if (process.isCrashed()) {
            throw new NodeStoppedError();
        }
        SimulatedThread thread = new SimulatedThread(this, process, name, ++lastNumber, work);
        CarrierThread.assign(thread);
        alive.add(thread);
        process.threads().add(thread);
        makeRunnable(thread);
        return thread;
    }

    /** Ends the simulation: every thread that is left ends at its next step. */
    void stop() {
        stopping = true;
    }

    void fail(Throwable reason) {
        if (failure == null) {
            failure = reason;
        }
        stopping = true;
    }

    @Nullable
    Throwable failure() {
        return failure;
    }

    /** Runs everything to its end, on a thread that is not simulated. */
    void runToEnd() {
        passTurn();
        try {
            int before = -1;
            while (!over.await(REAL_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                int now = turns;
                if (now == before) {
                    throw new IllegalStateException("a thread blocks on something that is not simulated: " + stacks());
                }
                before = now;
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the simulation was interrupted", stop);
        }
    }

    private String stacks() {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<Thread, StackTraceElement[]> each :
                Thread.getAllStackTraces().entrySet()) {
            if (each.getKey() instanceof CarrierThread) {
                for (int i = 0; i < Math.min(12, each.getValue().length); i++) {
                    text.append('\n').append(each.getValue()[i]);
                }
                text.append("\n--");
            }
        }
        return text.toString();
    }

    void run(SimulatedThread thread) {
        try {
            if (!hasToEnd(thread)) {
                thread.work.run();
            }
        } catch (NodeStoppedError stopped) {
            // What a crash looks like.
        } catch (Throwable thrown) {
            fail(thrown);
        }
    }

    void end(SimulatedThread thread) {
        thread.hasEnded = true;
        alive.remove(thread);
        thread.process.threads().remove(thread);
        thread.joining.forEach(this::wake);
        passTurn();
    }

    private boolean hasToEnd(SimulatedThread thread) {
        return stopping || thread.process.isCrashed();
    }

    /** Throws when the thread that calls belongs to a process that has crashed. */
    void checkAlive() {
        if (hasToEnd(SimulatedThread.current())) {
            throw new NodeStoppedError();
        }
    }

    /** A place where another thread may come between. */
    void yield() {
        SimulatedThread thread = SimulatedThread.current();
        if (random.nextDouble() < yieldRate) {
            makeRunnable(thread);
            switchFrom(thread);
        }
        checkAlive();
    }

    /** Lets other threads run first. */
    void pass() {
        SimulatedThread thread = SimulatedThread.current();
        makeRunnable(thread);
        switchFrom(thread);
        checkAlive();
    }

    /** Waits for a time, whether interrupted or not. */
    void delay(Duration duration) {
        SimulatedThread thread = SimulatedThread.current();
        park(thread, duration.toNanos(), false);
    }

    /** Waits until it is woken, interrupted, or {@code timeout} is over. */
    void await(long timeout) throws InterruptedException {
        SimulatedThread thread = SimulatedThread.current();
        checkAlive();
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        park(thread, timeout, true);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    void join(SimulatedThread other, long timeout) throws InterruptedException {
        if (!other.hasEnded) {
            other.joining.add(SimulatedThread.current());
            await(timeout);
        }
    }

    private void park(SimulatedThread thread, long timeout, boolean canBeInterrupted) {
        long wait = ++lastWait;
        thread.wait = wait;
        thread.canBeInterrupted = canBeInterrupted;
        // Compared before the addition, which would overflow for a wait without an end.
        long at = timeout >= Long.MAX_VALUE - nanos ? Long.MAX_VALUE : nanos + timeout;
        if (at != Long.MAX_VALUE) {
            at(at, () -> {
                if (thread.wait == wait) {
                    wake(thread);
                }
            });
        }
        switchFrom(thread);
        checkAlive();
    }

    /** Ends the wait of a thread; does nothing when it does not wait. */
    void wake(SimulatedThread thread) {
        if (thread.wait != 0) {
            thread.wait = 0;
            makeRunnable(thread);
        }
    }

    void interrupt(SimulatedThread thread) {
        thread.isInterrupted = true;
        thread.wasInterrupted = true;
        if (thread.canBeInterrupted) {
            wake(thread);
        }
    }

    void freeze(SimulatedProcess process) {
        process.setFrozen(true, nanos);
        runnable.removeIf(thread -> {
            boolean isHeld = thread.process == process;
            if (isHeld) {
                process.held().add(thread);
            }
            return isHeld;
        });
    }

    void thaw(SimulatedProcess process) {
        if (process.isFrozen()) {
            process.setFrozen(false, nanos);
            runnable.addAll(process.held());
            process.held().clear();
        }
    }

    /** Stops every thread of a process where it is. */
    void crash(SimulatedProcess process) {
        runnable.addAll(process.held());
        process.held().clear();
        process.setCrashed();
        // They run on only to end.
        process.threads().forEach(this::wake);
    }

    private void makeRunnable(SimulatedThread thread) {
        if (thread.process.isFrozen()) {
            thread.process.held().add(thread);
        } else {
            runnable.add(thread);
        }
    }

    private void switchFrom(SimulatedThread thread) {
        // A set flag would keep the carrier from waiting for its turn.
        boolean interrupted = Thread.interrupted();
        SimulatedThread next = next();
        if (next != thread) {
            give(next);
            while (!thread.hasTurn) {
                LockSupport.park(this);
            }
        }
        thread.hasTurn = false;
        if (interrupted || thread.isInterrupted) {
            thread.isInterrupted = false;
            thread.carrier.setInterrupted();
        }
    }

    private void passTurn() {
        SimulatedThread next = next();
        if (next == null) {
            over.countDown();
        } else {
            give(next);
        }
    }

    private void give(@Nullable SimulatedThread next) {
        if (next == null) {
            // Only when every thread has ended is there none; then nobody waits here.
            throw new IllegalStateException("no thread can run, and one waits for its turn");
        }
        next.hasTurn = true;
        LockSupport.unpark(next.carrier);
    }

    private @Nullable SimulatedThread next() {
        if (++turns > TURN_LIMIT) {
            fail(new AssertionError("the simulation has not ended after " + TURN_LIMIT + " turns"));
        }
        while (true) {
            if (stopping) {
                endWaits();
            }
            if (!runnable.isEmpty()) {
                return runnable.remove(random.nextInt(runnable.size()));
            }
            if (alive.isEmpty() && (stopping || timers.isEmpty())) {
                return null;
            }
            Timer timer = timers.poll();
            if (timer == null) {
                fail(new AssertionError("nothing can happen any more, and these threads wait: " + alive));
                continue;
            }
            nanos = timer.at();
            fire(timer);
            // What happens at the same time may happen in any order.
            while (!timers.isEmpty() && timers.peek().at() == nanos) {
                fire(timers.poll());
            }
        }
    }

    private void fire(Timer timer) {
        try {
            timer.action().run();
        } catch (Throwable thrown) {
            trace.add(nanos, "simulation", "failed", thrown);
            fail(thrown);
        }
    }

    private void endWaits() {
        for (SimulatedThread thread : alive) {
            thaw(thread.process);
            wake(thread);
        }
    }
}

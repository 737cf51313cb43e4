package dev.architect.testkit.simulation;

import dev.architect.loop.EngineThreads;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** The threads of the task engine of one process. */
final class SimulatedThreads implements EngineThreads {

    private final ThreadSchedule schedule;
    private final SimulatedProcess process;
    private final BooleanSupplier hasNoThread;

    /** {@code hasNoThread} says whether the next thread of an attempt cannot be had. */
    SimulatedThreads(ThreadSchedule schedule, SimulatedProcess process, BooleanSupplier hasNoThread) {
        this.schedule = schedule;
        this.process = process;
        this.hasNoThread = hasNoThread;
    }

    @Override
    public LoopThread startLoop(String purpose, Runnable work) {
        return new Started(schedule, schedule.start(process, purpose, work));
    }

    @Override
    public void run(String purpose, Runnable work) {
        if (hasNoThread.getAsBoolean()) {
            throw new OutOfMemoryError("unable to create native thread: simulated");
        }
        schedule.start(process, purpose, work);
    }

    private record Started(ThreadSchedule schedule, SimulatedThread thread) implements LoopThread {

        @Override
        public boolean isAlive() {
            return !thread.hasEnded;
        }

        @Override
        public boolean isCurrent() {
            return thread == SimulatedThread.current();
        }

        @Override
        public void join(Duration timeout) throws InterruptedException {
            schedule.join(thread, timeout.toNanos());
        }
    }
}

package dev.architect.testkit.simulation;

import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.testkit.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The clocks of one process: its wall clock may be set apart from the others', and its signals may come late, twice or never. */
final class SimulatedTime implements TimeSource {

    private final ThreadSchedule schedule;
    private final SimulatedProcess process;
    private final SplittableRandom random;
    private final SignalFault fault;
    private final boolean withoutSweep;
    private Duration wallOffset = Duration.ZERO;

    /** What becomes of a signal. */
    interface SignalFault {

        /** Delivers a signal to the thread of that name, which is empty before it has waited the first time. */
        void deliver(String waiting, Runnable signal);
    }

    SimulatedTime(
            ThreadSchedule schedule,
            SimulatedProcess process,
            SplittableRandom random,
            SignalFault fault,
            boolean withoutSweep) {
        this.schedule = schedule;
        this.process = process;
        this.random = random;
        this.fault = fault;
        this.withoutSweep = withoutSweep;
    }

    /** Sets the wall clock apart from that of the simulation. */
    void setWallOffset(Duration offset) {
        wallOffset = offset;
    }

    @Override
    public Instant wallTime() {
        return ManualTime.START.plusNanos(schedule.nanos()).plus(wallOffset);
    }

    @Override
    public long nanoTime() {
        return schedule.nanos();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        newWakeUp().await(duration);
    }

    @Override
    public WakeUp newWakeUp() {
        return new SimulatedWakeUp();
    }

    @Override
    public long random(long bound) {
        return random.nextLong(bound);
    }

    private final class SimulatedWakeUp implements WakeUp {
        private boolean signalled;
        private String waiting = "";
        private @Nullable SimulatedThread thread;

        @Override
        public void signal() {
            if (!process.isCrashed()) {
                fault.deliver(waiting, this::deliver);
            }
        }

        private void deliver() {
            signalled = true;
            if (thread != null) {
                schedule.wake(thread);
            }
        }

        @Override
        public boolean await(Duration timeout) throws InterruptedException {
            SimulatedThread caller = SimulatedThread.current();
            waiting = caller.name;
            if (!signalled) {
                thread = caller;
                try {
                    schedule.await(withoutSweep && waiting.equals("claimer") ? Long.MAX_VALUE : nanos(timeout));
                } finally {
                    thread = null;
                }
            }
            boolean was = signalled;
            signalled = false;
            return was;
        }

        private long nanos(Duration timeout) {
            return timeout.compareTo(Duration.ofDays(365)) > 0 ? Long.MAX_VALUE : Math.max(0, timeout.toNanos());
        }
    }
}

package dev.architect.benchmarks;

import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import java.time.Duration;
import java.time.Instant;

/**
 * A clock that is set by hand while a store is filled, so that what is made stands at the time that it is to have been made. Everything but the wall
 * time is the system's. Safe for use by several threads.
 */
public final class LoadTime implements TimeSource {

    private volatile Instant now;

    /** Creates a clock that stands at {@code now}. */
    public LoadTime(Instant now) {
        this.now = now;
    }

    /** Sets the wall time. */
    public void set(Instant changed) {
        now = changed;
    }

    @Override
    public Instant wallTime() {
        return now;
    }

    @Override
    public long nanoTime() {
        return TimeSource.system().nanoTime();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        TimeSource.system().sleep(duration);
    }

    @Override
    public WakeUp newWakeUp() {
        return TimeSource.system().newWakeUp();
    }

    @Override
    public long random(long bound) {
        return TimeSource.system().random(bound);
    }
}

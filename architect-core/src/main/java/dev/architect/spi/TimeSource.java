package dev.architect.spi;

import java.time.Duration;
import java.time.Instant;

/**
 * Time and randomness: wall time for people, monotonic time for measuring, waiting, and random numbers. Nothing else reads a
 * clock, sleeps or draws random numbers. Safe for use by several threads.
 */
public interface TimeSource {

    /** Returns the system's clocks and a secure random source. */
    static TimeSource system() {
        return SystemTimeSource.INSTANCE;
    }

    /** The time of day, for people and for due dates. May jump. */
    Instant wallTime();

    /** Nanoseconds since some fixed point; only differences have a meaning. Never runs backwards. */
    long nanoTime();

    /** Blocks for {@code duration}; zero or less returns at once. */
    void sleep(Duration duration) throws InterruptedException;

    /** Returns a new wake-up that waits by this clock. */
    WakeUp newWakeUp();

    /** Returns a number from 0 to {@code bound - 1}, each as likely as the other. */
    long random(long bound);
}

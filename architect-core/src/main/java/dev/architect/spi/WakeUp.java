package dev.architect.spi;

import java.time.Duration;

/**
 * A wake-up: one thread waits, others ring. A ring before the wait is remembered; several rings count as one. Safe for use
 * by several threads, of which one waits.
 */
public interface WakeUp {

    /** Wakes the waiting thread, or makes the next wait return at once. Never blocks. */
    void signal();

    /** Waits for a ring, at most {@code timeout}; true when it was rung. Zero or less only asks. */
    boolean await(Duration timeout) throws InterruptedException;
}

package dev.architect.spi;

import java.time.Duration;

/**
 * A signal to one waiting thread. A signal before the wait is kept; several signals count as one. Safe for use by several
 * threads, of which one waits.
 */
public interface WakeUp {

    /** Wakes the waiting thread, or makes the next wait return at once. Never blocks. */
    void signal();

    /** Waits for a signal, at most {@code timeout}; true when there was one. Does not wait when {@code timeout} is zero or less. */
    boolean await(Duration timeout) throws InterruptedException;
}

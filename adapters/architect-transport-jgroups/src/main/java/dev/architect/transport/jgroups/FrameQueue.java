package dev.architect.transport.jgroups;

import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A bounded queue that drops what does not fit and never makes a producer wait. Safe for use by several threads, of which one takes. */
final class FrameQueue<T> {

    private final int capacity;
    private final WakeUp wakeUp;
    // Guarded by this object's lock.
    private final Deque<T> frames = new ArrayDeque<>();
    private long dropped;

    FrameQueue(int capacity, TimeSource time) {
        this.capacity = capacity;
        this.wakeUp = time.newWakeUp();
    }

    void add(T frame) {
        synchronized (this) {
            if (frames.size() >= capacity) {
                dropped++;
                return;
            }
            frames.addLast(frame);
        }
        wakeUp.signal();
    }

    /** Wakes the thread that takes. */
    void signal() {
        wakeUp.signal();
    }

    /** Waits for a frame; null after {@code timeout}, or when the thread was woken for something else. */
    @Nullable
    T poll(Duration timeout) throws InterruptedException {
        T next = next();
        if (next == null) {
            wakeUp.await(timeout);
            next = next();
        }
        return next;
    }

    private synchronized @Nullable T next() {
        return frames.pollFirst();
    }

    synchronized long droppedCount() {
        return dropped;
    }
}

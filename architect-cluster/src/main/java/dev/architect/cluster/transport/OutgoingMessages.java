package dev.architect.cluster.transport;

import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Messages that wait to be written, up to a limit. The oldest give way, because a hint loses its worth with time; those that have waited
 * too long are dropped as well. Safe for use by several threads.
 */
final class OutgoingMessages {

    /** After this time a message is of no use any more. */
    static final Duration TOO_OLD = Duration.ofSeconds(5);

    private final int capacity;
    private final TimeSource time;
    // Guarded by this object's lock.
    private final Deque<Outgoing> waiting = new ArrayDeque<>();
    private long dropped;

    /** A message to a member, empty for all, and when it was sent. */
    @SuppressWarnings("ArrayRecordComponent")
    record Outgoing(String to, byte[] content, long nanos) {}

    OutgoingMessages(int capacity, TimeSource time) {
        this.capacity = capacity;
        this.time = time;
    }

    synchronized void add(String to, byte[] content) {
        if (waiting.size() >= capacity) {
            waiting.removeFirst();
            dropped++;
        }
        waiting.addLast(new Outgoing(to, content, time.nanoTime()));
    }

    /** Returns the next message that is not too old; null when there is none. */
    synchronized @Nullable Outgoing poll() {
        Outgoing next = waiting.pollFirst();
        while (next != null && time.nanoTime() - next.nanos > TOO_OLD.toNanos()) {
            dropped++;
            next = waiting.pollFirst();
        }
        return next;
    }

    /** Drops what waits, and counts one more: the message that could not be written. */
    synchronized void dropAll() {
        dropped += waiting.size() + 1L;
        waiting.clear();
    }

    synchronized boolean isEmpty() {
        return waiting.isEmpty();
    }

    synchronized long droppedCount() {
        return dropped;
    }
}

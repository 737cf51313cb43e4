package dev.architect.transport.jgroups;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jgroups.Address;
import org.jspecify.annotations.Nullable;

/**
 * Frames for peers that there is no connection to yet. Connecting may take a second when a peer does not answer, so a thread of
 * the pool does it for each, and no other thread waits. Safe for use by several threads.
 */
final class PendingConnections {

    /** So many frames may wait for one connection; the protocols send again what is dropped. */
    private static final int MAX_FRAMES = 64;

    private final Predicate<Runnable> pool;
    private final Sender sender;
    // Guarded by this object's lock. A peer is in here as long as a thread connects to it.
    private final Map<Address, Deque<byte[]>> waiting = new HashMap<>();

    /** Connects if there is no connection, and sends a frame. */
    interface Sender {
        void send(Address peer, byte[] frame) throws Exception;

        void failed(Address peer, Throwable failure);
    }

    PendingConnections(Predicate<Runnable> pool, Sender sender) {
        this.pool = pool;
        this.sender = sender;
    }

    /** Sends a frame soon, or drops it. Never blocks. */
    void send(Address peer, byte[] frame) {
        synchronized (this) {
            Deque<byte[]> frames = waiting.get(peer);
            if (frames != null) {
                if (frames.size() < MAX_FRAMES) {
                    frames.addLast(frame);
                }
                return;
            }
            frames = new ArrayDeque<>();
            frames.addLast(frame);
            waiting.put(peer, frames);
        }
        if (!pool.test(() -> sendAll(peer))) {
            forget(peer);
        }
    }

    private void sendAll(Address peer) {
        try {
            for (byte[] frame = next(peer); frame != null; frame = next(peer)) {
                sender.send(peer, frame);
            }
        } catch (Exception | LinkageError | OutOfMemoryError failure) {
            forget(peer);
            sender.failed(peer, failure);
        }
    }

    /** The next frame; null when there is none, and then the peer is forgotten. */
    private synchronized byte @Nullable [] next(Address peer) {
        Deque<byte[]> frames = waiting.get(peer);
        byte[] next = frames == null ? null : frames.pollFirst();
        if (next == null) {
            waiting.remove(peer);
        }
        return next;
    }

    private synchronized void forget(Address peer) {
        waiting.remove(peer);
    }
}

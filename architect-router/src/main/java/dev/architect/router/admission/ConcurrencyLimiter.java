package dev.architect.router.admission;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The calls that one model may serve at the same time. A permit that is given back goes to whoever has waited longest. Safe
 * for use by several threads.
 */
public final class ConcurrencyLimiter {

    private final Object lock = new Object();
    private final Deque<PermitWaiter> waiting = new ArrayDeque<>();
    private int free;

    public ConcurrencyLimiter(int permits) {
        this.free = permits;
    }

    /** Takes a permit if one is free now. */
    public boolean tryAcquire() {
        synchronized (lock) {
            if (free == 0) {
                return false;
            }
            free--;
            return true;
        }
    }

    /** Gives a permit back, or on. */
    public void release() {
        synchronized (lock) {
            PermitWaiter next = waiting.poll();
            while (next != null) {
                if (next.offer(this)) {
                    return;
                }
                next = waiting.poll();
            }
            free++;
        }
    }

    /** Grants a permit to {@code waiter} now or later. */
    void enqueue(PermitWaiter waiter) {
        synchronized (lock) {
            if (free > 0 && waiter.offer(this)) {
                free--;
            } else {
                waiting.add(waiter);
            }
        }
    }

    /** Forgets {@code waiter}. */
    void remove(PermitWaiter waiter) {
        synchronized (lock) {
            waiting.remove(waiter);
        }
    }
}

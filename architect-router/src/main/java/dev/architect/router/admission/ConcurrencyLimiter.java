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

    public ConcurrencyLimiter(int most) {
        this.free = most;
    }

    /** Takes a permit if one is free now. */
    public boolean tryTake() {
        synchronized (lock) {
            if (free == 0) {
                return false;
            }
            free--;
            return true;
        }
    }

    /** Gives a permit back, or on. */
    public void giveBack() {
        synchronized (lock) {
            PermitWaiter next = waiting.poll();
            while (next != null) {
                if (next.grant(this)) {
                    return;
                }
                next = waiting.poll();
            }
            free++;
        }
    }

    /** Grants a permit to {@code wait} now or later. */
    void join(PermitWaiter wait) {
        synchronized (lock) {
            if (free > 0 && wait.grant(this)) {
                free--;
            } else {
                waiting.add(wait);
            }
        }
    }

    /** Forgets {@code wait}. */
    void leave(PermitWaiter wait) {
        synchronized (lock) {
            waiting.remove(wait);
        }
    }
}

package dev.architect.router.admission;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Limits the calls to one model at the same time. A released permit goes to the waiter that was enqueued first. Safe for use
 * by several threads.
 *
 * <p>Lock order: the lock of a limiter before the lock of a waiter, never the other way round. A waiter is enqueued at several
 * limiters, so it calls them without holding its own lock.
 */
public final class ConcurrencyLimiter {

    private final Object lock = new Object();
    private final Deque<PermitWaiter> waiting = new ArrayDeque<>();
    // Never above zero while a waiter is in the queue that would accept: release() passes the permit on instead. Below
    // zero after
    // the number was lowered, until so many calls have ended.
    private int free;
    private int permits;

    public ConcurrencyLimiter(int permits) {
        this.permits = permits;
        this.free = permits;
    }

    /** Takes a permit when one is free now; never waits. */
    public boolean tryAcquire() {
        synchronized (lock) {
            if (free <= 0) {
                return false;
            }
            free--;
            return true;
        }
    }

    /** How many permits are free now. */
    public int free() {
        synchronized (lock) {
            return Math.max(0, free);
        }
    }

    /** Changes the number of permits. Those that are held stay with their calls; waiters get what becomes free. */
    public void resize(int changed) {
        synchronized (lock) {
            free += changed - permits;
            permits = changed;
            while (free > 0 && offerToNext()) {
                free--;
            }
        }
    }

    /** How many permits are held now. */
    public int inUse() {
        synchronized (lock) {
            return permits - free;
        }
    }

    /** Returns a permit, or passes it on to the first waiter that still waits. */
    public void release() {
        synchronized (lock) {
            if (free < 0 || !offerToNext()) {
                free++;
            }
        }
    }

    /** Whether a waiter took the permit. One that got a permit elsewhere, or gave up, refuses; it leaves this queue only after that. */
    private boolean offerToNext() {
        PermitWaiter next = waiting.poll();
        while (next != null) {
            if (next.offer(this)) {
                return true;
            }
            next = waiting.poll();
        }
        return false;
    }

    /** Offers a permit to {@code waiter} now, or enqueues it until one is released. */
    void enqueue(PermitWaiter waiter) {
        synchronized (lock) {
            // Under the lock together with the addition: a permit that is released in between would wake no waiter.
            if (free > 0 && waiter.offer(this)) {
                free--;
            } else {
                waiting.add(waiter);
            }
        }
    }

    /** Removes {@code waiter} from the queue; nothing happens when it is not in it. */
    void remove(PermitWaiter waiter) {
        synchronized (lock) {
            waiting.remove(waiter);
        }
    }
}

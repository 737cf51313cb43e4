package dev.architect.router.admission;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Limits the calls to one model at the same time. A released permit goes to the waiter that was enqueued first. The limit may change: when it
 * falls below what is in use, permits are not taken away, but none is given until enough have come back. Safe for use by several
 * threads.
 *
 * <p>Lock order: the lock of a limiter before the lock of a waiter, never the other way round. A waiter is enqueued at several
 * limiters, so it calls them without holding its own lock.
 */
public final class ConcurrencyLimiter {

    private final Object lock = new Object();
    private final Deque<PermitWaiter> waiting = new ArrayDeque<>();
    private int inUse;
    private int limit;

    public ConcurrencyLimiter(int permits) {
        this.limit = permits;
    }

    /** Takes a permit when one is free now; never waits. */
    public boolean tryAcquire() {
        return tryAcquire(0);
    }

    /** Takes a permit when more than {@code left} are free now; never waits. */
    public boolean tryAcquire(int left) {
        synchronized (lock) {
            // Never free while a waiter is in the queue that would accept: what becomes free is passed on at once.
            if (inUse + left >= limit) {
                return false;
            }
            inUse++;
            return true;
        }
    }

    /** How many permits are free now. */
    public int free() {
        synchronized (lock) {
            return Math.max(0, limit - inUse);
        }
    }

    /** How many permits are held now. */
    public int inUse() {
        synchronized (lock) {
            return inUse;
        }
    }

    /** How many permits there are now. */
    public int limit() {
        synchronized (lock) {
            return limit;
        }
    }

    /** How many requests are enqueued now, those included that wait elsewhere too. */
    public int waiting() {
        synchronized (lock) {
            return waiting.size();
        }
    }

    /** Changes the number of permits. Those that are held stay with their calls; waiters get what becomes free. */
    public void resize(int permits) {
        synchronized (lock) {
            limit = permits;
            passOn();
        }
    }

    /** Returns a permit, or passes it on to the first waiter that still waits. */
    public void release() {
        synchronized (lock) {
            inUse--;
            passOn();
        }
    }

    private void passOn() {
        while (inUse < limit && !waiting.isEmpty()) {
            // A waiter that got a permit elsewhere, or gave up, refuses; it leaves this queue only after that.
            if (waiting.poll().offer(this)) {
                inUse++;
            }
        }
    }

    /** Offers a permit to {@code waiter} now, or enqueues it until one is released. */
    void enqueue(PermitWaiter waiter) {
        synchronized (lock) {
            // Under the lock together with the addition: a permit that is released in between would wake no waiter.
            if (inUse < limit && waiter.offer(this)) {
                inUse++;
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

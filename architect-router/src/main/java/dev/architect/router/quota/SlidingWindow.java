package dev.architect.router.quota;

import java.util.Arrays;

/**
 * How many units were used within the last period, whenever one looks: no span of that length ever holds more than was allowed, so there
 * is no double burst at an edge. The period is counted in {@value #SLOTS} slots; a slot counts until all of it is over, so a unit comes back
 * at most one slot late. Guarded by the lock of its owner.
 */
final class SlidingWindow {

    static final int SLOTS = 128;

    private final long slotNanos;
    private final long origin;
    /** One more than the slots of a period: the oldest and the newest are counted in part. */
    private final long[] units = new long[SLOTS + 1];

    private long newest;
    private long used;

    /** Creates an empty window that ends at {@code now}. */
    SlidingWindow(long periodNanos, long now) {
        this.slotNanos = Math.max(1, periodNanos / SLOTS);
        this.origin = now;
    }

    /** The slot of a time, which {@link #add} takes. */
    long slotAt(long now) {
        return Math.max(0, now - origin) / slotNanos;
    }

    /** Adds units, negative ones to take them back; those of a slot that is over count no more. */
    void add(long slot, long added, long now) {
        moveTo(now);
        if (slot >= newest - SLOTS && slot <= newest) {
            units[index(slot)] += added;
            used += added;
        }
    }

    /** What counts now; below zero never. */
    long used(long now) {
        moveTo(now);
        return Math.max(0, used);
    }

    /** How long until {@code missing} units less count; zero when none is missing, a whole period and a slot at the most. */
    long nanosUntilLess(long missing, long now) {
        if (missing <= 0) {
            return 0;
        }
        moveTo(now);
        long freed = 0;
        for (long slot = Math.max(0, newest - SLOTS); slot <= newest; slot++) {
            freed += units[index(slot)];
            if (freed >= missing) {
                return nanosUntilOver(slot, now);
            }
        }
        return nanosUntilOver(newest, now);
    }

    private long nanosUntilOver(long slot, long now) {
        return Math.max(1, (slot + 1 + SLOTS) * slotNanos - (now - origin));
    }

    private void moveTo(long now) {
        long current = slotAt(now);
        if (current - newest > SLOTS) {
            Arrays.fill(units, 0);
            used = 0;
            newest = current;
        }
        while (newest < current) {
            newest++;
            used -= units[index(newest)];
            units[index(newest)] = 0;
        }
    }

    private int index(long slot) {
        return (int) (slot % units.length);
    }
}

package dev.architect.pool;

import java.time.Duration;

/**
 * How many sessions a pool needs by the work of the last minute or so: {@code R + β √(z R)}, where {@code R} is the mean number of busy sessions, {@code z}
 * how much the arrivals of a second vary, as variance by mean, and {@code β} is 1: square-root staffing (Halfin and Whitt, 1981). By
 * Little's law {@code R} is the rate of arrivals times the time of a task. Used by one thread, but for {@link #arrived}.
 */
final class PoolLoad {

    private static final double BETA = 1;

    /** The time over which older work is forgotten, in seconds. */
    private static final double MEMORY = 60;

    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final double LEAST_BURSTINESS = 1;

    private int slots;
    private double busySlots;
    private double meanArrivals;
    private double meanSquare;
    private long lastSample;
    private long bucketStart;
    private int counted;
    // Guarded by this object's lock.
    private int arrivals;

    PoolLoad(int slots, long now) {
        this.slots = slots;
        this.lastSample = now;
        this.bucketStart = now;
    }

    /** A session runs so many tasks at once from now on. */
    void slots(int changed) {
        slots = changed;
    }

    /** A task has begun. */
    synchronized void arrived() {
        arrivals++;
    }

    private synchronized int takeArrivals() {
        int taken = arrivals;
        arrivals = 0;
        return taken;
    }

    /** Notes how many slots were busy since the last sample. */
    void sample(long now, int busy) {
        double passed = (now - lastSample) / 1e9;
        lastSample = now;
        busySlots += (busy - busySlots) * weight(passed);
        counted += takeArrivals();
        if (now - bucketStart >= SECOND) {
            double seconds = (now - bucketStart) / 1e9;
            double perSecond = counted / seconds;
            double weight = weight(seconds);
            meanArrivals += (perSecond - meanArrivals) * weight;
            meanSquare += (perSecond * perSecond - meanSquare) * weight;
            bucketStart = now;
            counted = 0;
        }
    }

    private static double weight(double seconds) {
        return 1 - Math.exp(-seconds / MEMORY);
    }

    /** The sessions that this work needs, with a margin for its bursts; at least 0. */
    int sessions() {
        double load = busySlots / slots;
        double burstiness = meanArrivals > 0
                ? Math.max(LEAST_BURSTINESS, (meanSquare - meanArrivals * meanArrivals) / meanArrivals)
                : LEAST_BURSTINESS;
        // A session takes many tasks at a time: what arrives in one burst is spread over its slots.
        return (int) Math.ceil(load + BETA * Math.sqrt(burstiness * load / slots));
    }
}

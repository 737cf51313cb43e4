package dev.architect.router.planning;

import dev.architect.spi.TimeSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Random numbers that are no secrets, without a lock and without garbage: SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
 * Generators, 2014) from a random start. The start comes from the {@link TimeSource}, whose own numbers are too dear for every
 * decision. Safe for use by several threads.
 */
public final class SplitMix {

    private static final long STEP = 0x9E3779B97F4A7C15L;
    private static final long SEED_PART = 1L << Integer.SIZE;
    private static final long LOW = SEED_PART - 1;

    private final AtomicLong place;

    /** Creates a sequence. */
    public SplitMix(TimeSource time) {
        this.place = new AtomicLong(seed(time));
    }

    /** Any number. */
    public static long seed(TimeSource time) {
        return time.random(SEED_PART) << Integer.SIZE | time.random(SEED_PART);
    }

    /** The next place of the sequence, of which {@link #mixed} makes a number. No two are the same. */
    public long nextPlace() {
        return place.getAndAdd(STEP);
    }

    /** Any number. */
    long next() {
        return mixed(nextPlace());
    }

    /** The finalizer of SplitMix64, one to one. */
    public static long mixed(long value) {
        long mixed = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }

    /** Makes a number from 0 to before {@code bound}, 1 or more, of the upper half of a random one. */
    static int ofUpperHalf(long random, int bound) {
        return (int) (((random >>> Integer.SIZE) * bound) >>> Integer.SIZE);
    }

    /** The same of the lower half. */
    static int ofLowerHalf(long random, int bound) {
        return (int) (((random & LOW) * bound) >>> Integer.SIZE);
    }
}

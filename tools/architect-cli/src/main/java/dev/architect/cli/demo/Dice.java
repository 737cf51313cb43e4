package dev.architect.cli.demo;

/**
 * Dice that roll the same numbers for the same seed on every machine.
 *
 * <p>SplitMix64 of Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014. Not safe for use by several
 * threads.
 */
final class Dice {

    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    Dice(long seed) {
        this.state = seed;
    }

    /** Returns a number from 0 to {@code bound - 1}. */
    int roll(int bound) {
        state += GOLDEN_GAMMA;
        long mixed = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return (int) Long.remainderUnsigned(mixed ^ (mixed >>> 31), bound);
    }
}

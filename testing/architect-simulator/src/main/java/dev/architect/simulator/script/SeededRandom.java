package dev.architect.simulator.script;

import java.util.SplittableRandom;

/**
 * Random numbers that are the same for the same seed on every machine. Not safe for use by several threads.
 *
 * <p>SplitMix64 of Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014, as the JDK has it.
 */
public final class SeededRandom {

    private static final String PROPERTY = "architect.seed";

    private final long seed;
    private final SplittableRandom random;

    /** Creates a generator; the same {@code seed} gives the same numbers. */
    public SeededRandom(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    /** The seed that all values come from. */
    public long seed() {
        return seed;
    }

    /** Returns a number from {@code from} to {@code to}, both possible. */
    public long between(long from, long to) {
        return random.nextLong(from, to + 1);
    }

    /** Returns a number from {@code from} to {@code to}, both possible. */
    public int between(int from, int to) {
        return random.nextInt(from, to + 1);
    }

    /** Returns true once in {@code times}. */
    public boolean onceIn(int times) {
        return random.nextInt(times) == 0;
    }

    /** Returns one of {@code choices}. */
    @SafeVarargs
    public final <T> T oneOf(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** Returns a number from 0 to {@code bound - 1}. */
    public int below(int bound) {
        return (int) Long.remainderUnsigned(random.nextLong(), bound);
    }

    /** A property that must hold for every seed. */
    @FunctionalInterface
    public interface Property {
        /** Checks the property once. */
        void check(SeededRandom random) throws Exception;
    }

    /**
     * Runs {@code property} with the seeds 1 to {@code count}. A failure names its seed, and {@code -Darchitect.seed=N} runs
     * that seed alone.
     */
    public static void forAll(int count, Property property) {
        Long only = Long.getLong(PROPERTY);
        if (only != null) {
            check(only, property);
            return;
        }
        for (long seed = 1; seed <= count; seed++) {
            check(seed, property);
        }
    }

    private static void check(long seed, Property property) {
        try {
            property.check(new SeededRandom(seed));
        } catch (Exception | AssertionError failure) {
            throw new AssertionError("seed " + seed + " fails; replay with -D" + PROPERTY + "=" + seed, failure);
        }
    }
}

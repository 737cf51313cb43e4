package dev.architect.testkit;

/**
 * Runs a property with many seeds. A failure names its seed, and {@code -Darchitect.seed=N} runs that seed alone.
 */
public final class Seeds {

    private static final String PROPERTY = "architect.seed";

    private Seeds() {}

    /** What is run with the dice of one seed. */
    @FunctionalInterface
    public interface Property {
        /** Checks the property once. */
        void check(Dice dice) throws Exception;
    }

    /** Runs {@code property} with the seeds 1 to {@code count}. */
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
            property.check(new Dice(seed));
        } catch (Exception | AssertionError failure) {
            throw new AssertionError("seed " + seed + " fails; replay with -D" + PROPERTY + "=" + seed, failure);
        }
    }
}

package dev.architect.router.planning;

import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A strategy, compiled for the models of one snapshot: it gives each candidate a number, of which smaller ones come first. Called for every
 * candidate of every decision, so it allocates nothing and takes no lock of its own. Safe for use by several threads.
 */
abstract class Ranker {

    /** The value of a model about which nothing is known yet, and which should therefore be tried. */
    static final long FIRST = Long.MIN_VALUE;

    /** The value of a model that comes after all others. */
    static final long LAST = Long.MAX_VALUE;

    private static final long PERCENT = 100;

    private final String name;
    private final String unit;
    private final double scale;

    /** The models in the order in which they were last sorted; null before. Any thread may replace it. */
    volatile int @Nullable [] lastOrder;

    /**
     * Creates a ranker.
     *
     * @param unit the unit in which people read its values
     * @param scale what a value is multiplied with for that
     */
    Ranker(String name, String unit, double scale) {
        this.name = name;
        this.unit = unit;
        this.scale = scale;
    }

    /** The number of a candidate. */
    abstract long value(int model, RequestProfile request, DecisionBuffer decision);

    /**
     * The numbers of many candidates. Each ranker has this loop for itself: one that all of them share would call {@link #value} through a
     * table, once for each candidate.
     */
    abstract void fill(int[] models, int count, RequestProfile request, DecisionBuffer decision, long[] into);

    /** The largest number that counts as equal to {@code best}. */
    long equalUpTo(long best) {
        return best;
    }

    /** Whether one group of all candidates is in the order of this strategy already. */
    boolean keepsOrder() {
        return false;
    }

    /** Whether one of two that are drawn at random comes first, and not the one with the smallest number. */
    boolean draws() {
        return false;
    }

    /** The request goes to this model first. */
    void chosen(int model) {}

    final String name() {
        return name;
    }

    final String unit() {
        return unit;
    }

    final OptionalDouble shown(long value) {
        return value == FIRST || value == LAST ? OptionalDouble.empty() : OptionalDouble.of(value * scale);
    }

    /** The largest number within so many percent of {@code best}. */
    static long within(long best, int percent) {
        if (percent == 0 || best == FIRST || best == LAST) {
            return best;
        }
        long band = best / PERCENT * percent + best % PERCENT * percent / PERCENT;
        return best > LAST - Math.abs(band) ? best : best + Math.abs(band);
    }
}

package dev.architect.router.classification;

import dev.architect.route.ComplexitySignal.Kind;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * By how much a signal makes a prompt complex, in points, up to {@code most}.
 *
 * <p>Length is the base: on recorded answers of a strong and a weak model (1,307 word problems of GSM8K, 8,982 questions of 40 subjects
 * of MMLU) nothing else that can be counted without a model of language ranks better, apart from the number of capital letters, which
 * adds to it on both. Words of mathematics, numbers, formulas and question marks made the ranking worse. What length cannot
 * see is the request itself, so that a short one for a proof or a design is raised, and a long one to summarise is lowered; those weights
 * are our judgement.
 *
 * <p>Length and capitals together stay under {@link #COMPLEX_FROM}: a pasted text alone makes no prompt complex.
 *
 * @param growth how the points grow with the count
 * @param from no points under this count
 * @param points for each step, or for each doubling of {@code from}
 * @param step how many more make a step; for doublings unused
 * @param most the most points
 */
record SignalWeight(Growth growth, int from, int points, int step, int most) {

    /** From so many points on a prompt is medium. */
    static final int MEDIUM_FROM = 48;

    /** From so many points on a prompt is complex. */
    static final int COMPLEX_FROM = 168;

    private static final double LN2 = StrictMath.log(2);

    private static final Map<Kind, SignalWeight> WEIGHTS = new EnumMap<>(Kind.class);

    static {
        for (Kind kind : Kind.values()) {
            WEIGHTS.put(kind, weight(kind));
        }
    }

    /** How points grow with a count. */
    enum Growth {
        /** By {@code points} at {@code from}, and again with each further {@code step}. */
        STEPS,
        /** By {@code points} with each doubling of {@code from}, at which there are none yet; in between in proportion. */
        DOUBLINGS
    }

    /** The whole table of weights; without a default branch, so that a new kind of signal gets its weight. */
    private static SignalWeight weight(Kind kind) {
        return switch (kind) {
            case LENGTH -> doublings(32, 16, 128);
            case CAPITALS -> doublings(2, 6, 36);
            case CONTEXT -> steps(8_000, 14, 24_000, 28);
            case TURNS -> steps(3, 14, 6, 28);
            case QUESTIONS -> steps(2, 7, 2, 14);
            case STEPS -> steps(5, 14, 4, 28);
            case CONSTRAINTS -> steps(2, 14, 2, 42);
            case EXPERT -> steps(1, 36, 1, 144);
            case PROOF -> steps(1, 84, 1, 168);
            case REASONING -> steps(1, 14, 1, 28);
            case MATHS -> steps(1, 7, 1, 14);
            case NUMBERS -> steps(4, 7, 4, 14);
            case FORMULA -> steps(2, 7, 4, 14);
            case CODE -> steps(1, 14, 3, 42);
            case PROGRAMMING -> steps(1, 14, 2, 28);
            case LONG_ANSWER -> steps(1, 14, 1, 28);
            case STRUCTURE -> steps(1, 7, 6, 14);
            // Simple work even on the longest text, so it takes away what the text gives.
            case REWORDING -> steps(1, -120, Integer.MAX_VALUE, 0);
        };
    }

    private static SignalWeight steps(int from, int points, int step, int most) {
        return new SignalWeight(Growth.STEPS, from, points, step, most);
    }

    private static SignalWeight doublings(int from, int points, int most) {
        return new SignalWeight(Growth.DOUBLINGS, from, points, 1, most);
    }

    static SignalWeight of(Kind kind) {
        return Objects.requireNonNull(WEIGHTS.get(kind));
    }

    /** The points for a signal that occurs {@code count} times. */
    int pointsFor(long count) {
        if (count < from) {
            return 0;
        }
        return switch (growth) {
            case STEPS -> (int) Math.min(most, (1 + (count - from) / step) * points);
            // StrictMath: the same points on every machine.
            case DOUBLINGS -> (int) Math.min(most, Math.round(points * StrictMath.log((double) count / from) / LN2));
        };
    }
}

package dev.architect.router.classification;

import dev.architect.route.ComplexitySignal.Kind;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * By how much a signal makes a prompt complex: it gives {@code points} when it occurs {@code from} times, and again for each
 * further {@code step}, up to {@code most}.
 *
 * <p>The weights are our judgement: they put recall, rewording and short answers under {@link #MEDIUM_FROM} points,
 * calculations over several steps under {@link #COMPLEX_FROM}, and design, proof and work with many constraints above.
 */
record SignalWeight(int from, int points, int step, int most) {

    /** From so many points on a prompt is medium. */
    static final int MEDIUM_FROM = 3;

    /** From so many points on a prompt is complex. */
    static final int COMPLEX_FROM = 7;

    private static final Map<Kind, SignalWeight> WEIGHTS = new EnumMap<>(Kind.class);

    static {
        for (Kind kind : Kind.values()) {
            WEIGHTS.put(kind, weight(kind));
        }
    }

    /** The whole table of weights; without a default branch, so that a new kind of signal gets its weight. */
    private static SignalWeight weight(Kind kind) {
        return switch (kind) {
            case LENGTH -> new SignalWeight(200, 1, 400, 2);
            case CONTEXT -> new SignalWeight(8_000, 1, 24_000, 2);
            case TURNS -> new SignalWeight(3, 1, 6, 2);
            case QUESTIONS -> new SignalWeight(2, 1, 2, 2);
            case STEPS -> new SignalWeight(5, 1, 4, 2);
            case CONSTRAINTS -> new SignalWeight(2, 1, 2, 3);
            case EXPERT -> new SignalWeight(1, 2, 1, 5);
            case PROOF -> new SignalWeight(1, 4, 1, 8);
            case REASONING -> new SignalWeight(1, 1, 1, 2);
            case MATHS -> new SignalWeight(1, 1, 2, 3);
            case NUMBERS -> new SignalWeight(4, 1, 4, 2);
            case FORMULA -> new SignalWeight(2, 1, 4, 2);
            case CODE -> new SignalWeight(1, 1, 3, 3);
            case PROGRAMMING -> new SignalWeight(1, 1, 2, 2);
            case LONG_ANSWER -> new SignalWeight(1, 1, 1, 2);
            case STRUCTURE -> new SignalWeight(1, 1, 6, 2);
            // Simple work even on a long text, so it takes points away.
            case REWORDING -> new SignalWeight(1, -2, Integer.MAX_VALUE, 0);
        };
    }

    static SignalWeight of(Kind kind) {
        return Objects.requireNonNull(WEIGHTS.get(kind));
    }

    /** The points for a signal that occurs {@code count} times. */
    int pointsFor(long count) {
        if (count < from) {
            return 0;
        }
        long times = 1 + (count - from) / step;
        return (int) Math.min(most, times * points);
    }
}

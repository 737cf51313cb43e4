package dev.architect.store.jdbi.ledger;

import java.util.ArrayList;
import java.util.List;

/** How long the time of one row of sums is, in microseconds since 1970: none depends on a calendar. From short to long, each a multiple of the one before. */
enum Grain {
    /** Kept for the last days only, and in no report on more. */
    MINUTE(3, 60_000_000L),
    HOUR(0, 3_600_000_000L),
    DAY(1, 24 * 3_600_000_000L),
    BLOCK(2, 32 * 24 * 3_600_000_000L);

    private final int number;
    private final long micros;

    /**
     * Some rows of one grain.
     *
     * @param grain which
     * @param from where the first row begins
     * @param to where the last one ends
     */
    record Span(Grain grain, long from, long to) {}

    Grain(int number, long micros) {
        this.number = number;
        this.micros = micros;
    }

    int number() {
        return number;
    }

    long micros() {
        return micros;
    }

    /** The next shorter one; the shortest is its own. */
    Grain shorter() {
        return values()[Math.max(0, ordinal() - 1)];
    }

    /** Where the row of {@code time} begins, which is not negative. */
    long begin(long time) {
        return time - time % micros;
    }

    /** Where the first row that is not before {@code time} begins. */
    long next(long time) {
        return begin(time + micros - 1);
    }

    /** The shortest rows of a report whose longest ones are these. */
    Grain shortest() {
        return this == MINUTE ? MINUTE : HOUR;
    }

    /** The fewest rows from {@code from} to {@code to}, which are full hours or minutes, none longer than {@code longest}; in the order of time. */
    static List<Span> spans(long from, long to, Grain longest) {
        List<Span> spans = new ArrayList<>();
        add(spans, longest, from, to);
        return spans;
    }

    private static void add(List<Span> spans, Grain grain, long from, long to) {
        if (from >= to) {
            return;
        }
        long first = grain.next(from);
        long last = grain.begin(to);
        Grain shorter = grain.shorter();
        if (grain == grain.shortest()) {
            spans.add(new Span(grain, from, to));
        } else if (first >= last) {
            add(spans, shorter, from, to);
        } else {
            add(spans, shorter, from, first);
            spans.add(new Span(grain, first, last));
            add(spans, shorter, last, to);
        }
    }
}

package dev.architect.testkit.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What happened in a simulation: a hash of all of it, and the text of its last steps. Used by the thread whose turn it is. */
final class Trace {

    private static final int KEPT = 2_000;

    private final Step[] steps = new Step[KEPT];
    private int count;
    private long hash = 17;

    private record Step(long nanos, String who, String what, Object detail) {}

    /** Adds a step; {@code detail} is turned into text only when it is printed, so it must not change. */
    void add(long nanos, String who, String what, Object detail) {
        steps[count++ % KEPT] = new Step(nanos, who, what, detail);
        mix(nanos);
        mix(who.hashCode());
        mix(what.hashCode());
    }

    /** Adds a number to the hash. */
    void mix(long value) {
        hash = (hash ^ value) * 0x9E3779B97F4A7C15L;
        hash ^= hash >>> 29;
    }

    long hash() {
        return hash;
    }

    int count() {
        return count;
    }

    /** The last steps, oldest first, a line each. */
    List<String> last(int limit) {
        List<String> lines = new ArrayList<>();
        int from = Math.max(0, count - Math.min(limit, KEPT));
        for (int i = from; i < count; i++) {
            Step step = steps[i % KEPT];
            lines.add(String.format(
                    Locale.ROOT, "%10.4f s  %-22s %s %s", step.nanos() / 1e9, step.who(), step.what(), step.detail()));
        }
        return lines;
    }
}

package dev.architect.benchmarks.live;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/** How long changes took to a page, in steps of a tenth of a millisecond. Safe for use by several threads. */
final class SightingTimes {

    private static final long STEP_NANOS = 100_000;
    private static final int STEPS = 600_000;

    private final AtomicLongArray counts = new AtomicLongArray(STEPS + 1);

    /** Takes the steps that have any. */
    @FunctionalInterface
    interface StepTaker {
        void take(int step, long count);
    }

    void add(long nanos) {
        addStep((int) Math.min(STEPS, Math.max(0, nanos / STEP_NANOS)), 1);
    }

    /** Adds what {@link #forEachStep} of others has given. */
    void addStep(int step, long count) {
        counts.addAndGet(step, count);
    }

    void forEachStep(StepTaker taker) {
        for (int step = 0; step <= STEPS; step++) {
            if (counts.get(step) > 0) {
                taker.take(step, counts.get(step));
            }
        }
    }

    long count() {
        long all = 0;
        for (int i = 0; i <= STEPS; i++) {
            all += counts.get(i);
        }
        return all;
    }

    /** The nearest rank, in milliseconds: what a share of all does not exceed; 0 when there are none. */
    double at(double share) {
        long wanted = (long) Math.ceil(share * count());
        long seen = 0;
        for (int i = 0; i <= STEPS && wanted > 0; i++) {
            seen += counts.get(i);
            if (seen >= wanted) {
                return (i + 1) * STEP_NANOS / 1e6;
            }
        }
        return 0;
    }

    Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("count", count());
        map.put("p50Millis", rounded(at(0.5)));
        map.put("p95Millis", rounded(at(0.95)));
        map.put("p99Millis", rounded(at(0.99)));
        map.put("maxMillis", rounded(at(1)));
        return map;
    }

    private static double rounded(double millis) {
        return Math.round(millis * 10) / 10.0;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "p50 %.1f ms, p95 %.1f ms, p99 %.1f ms, max %.1f ms, %d sightings",
                at(0.5),
                at(0.95),
                at(0.99),
                at(1),
                count());
    }
}

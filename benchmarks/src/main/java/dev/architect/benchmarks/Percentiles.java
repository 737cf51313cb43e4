package dev.architect.benchmarks;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How long something took, of many times.
 *
 * @param count how many times were measured; the others are zero when there were none
 * @param p50 the median, in milliseconds
 * @param p99 what 99 of 100 did not exceed, in milliseconds
 * @param max the longest, in milliseconds
 */
public record Percentiles(int count, double p50, double p99, double max) {

    /** Returns those of times in nanoseconds. */
    public static Percentiles ofNanos(Collection<Long> nanos) {
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        return new Percentiles(sorted.length, at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1));
    }

    /** The nearest rank: the smallest value that the share of all does not exceed. */
    private static double at(long[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(share * sorted.length) - 1] / 1e6;
    }

    /** Returns them by name, in milliseconds, rounded to hundredths. */
    public Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("count", count);
        map.put("p50Millis", rounded(p50));
        map.put("p99Millis", rounded(p99));
        map.put("maxMillis", rounded(max));
        return map;
    }

    private static double rounded(double figure) {
        return Math.round(figure * 100) / 100.0;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "p50 %.2f ms, p99 %.2f ms, max %.2f ms, %d samples", p50, p99, max, count);
    }
}

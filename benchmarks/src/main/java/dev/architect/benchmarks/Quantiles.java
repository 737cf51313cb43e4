package dev.architect.benchmarks;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The median, minimum and maximum of a few figures. */
public record Quantiles(double median, double min, double max) {

    public static Quantiles of(double... figures) {
        if (figures.length == 0) {
            throw new IllegalArgumentException("figures are none, expected at least one");
        }
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Quantiles(median, sorted[0], sorted[sorted.length - 1]);
    }

    /** Returns the three by name, rounded to two places. */
    public Map<String, Object> asMap() {
        return new TreeMap<>(Map.of("median", rounded(median), "min", rounded(min), "max", rounded(max)));
    }

    /** Returns the three for a table: {@code median (min–max)}. */
    public String format(int places) {
        String number = "%." + places + "f";
        return String.format(Locale.ROOT, number + " (" + number + "–" + number + ")", median, min, max);
    }

    private static double rounded(double figure) {
        return Math.round(figure * 100) / 100.0;
    }
}

package dev.architect.benchmarks.routing;

import dev.architect.router.evaluation.ResampledGap;
import dev.architect.router.evaluation.RoutingCurve;
import dev.architect.router.learned.RoutingOutcome;
import dev.architect.router.learned.TrainingRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows of the table, each of which is printed when it is added. */
final class RoutingTable {

    private static final double HALF = 0.5;
    private static final double MOST = 0.8;
    private static final double SAME_LENGTH = 1e-9;
    /** What the weak model costs as a part of the strong one, where the data names no prices: those of RouteLLM. */
    private static final double WEAK_PRICE = 0.24 / 24.7;

    private static final int RESAMPLES = 1_000;
    private static final double TAIL = 0.025;
    private static final long SEED = 17;
    private static final List<String> GAP_FIELDS =
            List.of("apgr", "low", "high", "cpt50", "cpt80", "differenceToLength", "differenceLow", "differenceHigh");

    private final List<Map<String, Object>> rows = new ArrayList<>();
    private final Map<String, ResampledGap> lengths = new HashMap<>();

    RoutingTable() {
        System.out.printf(
                "%-34s %-32s %6s %15s %6s %6s %7s %17s%n",
                "set", "router", "APGR", "95 %", "CPT50", "CPT80", "cost95", "less length");
    }

    List<Map<String, Object>> rows() {
        return rows;
    }

    /** Adds the length of the prompt as a router, which the others of the set are compared with. */
    void length(OutcomeSet set, String name) {
        List<RoutingOutcome> outcomes = set.outcomes();
        double[] scores = new double[outcomes.size()];
        for (int row = 0; row < scores.length; row++) {
            String prompt = outcomes.get(row).prompt();
            scores[row] = prompt.codePointCount(0, prompt.length()) + SAME_LENGTH * row;
        }
        lengths.put(name, ResampledGap.of(List.of(scores), set.strong(), set.weak()));
        add(set, name, "length", List.of(scores));
    }

    /** Adds a router by its scores of each seed. */
    Map<String, Object> add(OutcomeSet set, String name, String router, List<double[]> scorings) {
        return add(set, name, router, scorings, false);
    }

    /** Does the same for a router that always pays the weak model. */
    Map<String, Object> add(
            OutcomeSet set, String name, String router, List<double[]> scorings, boolean alwaysPaysWeak) {
        double[] strong = set.strong();
        double[] weak = set.weak();
        double gap = 0;
        double half = 0;
        double most = 0;
        double share = 0;
        RoutingCurve curve = RoutingCurve.of(scorings.get(0), strong, weak);
        for (double[] scores : scorings) {
            curve = RoutingCurve.of(scores, strong, weak);
            gap += curve.recoveredGap() / scorings.size();
            half += curve.shareFor(HALF) / scorings.size();
            most += curve.shareFor(MOST) / scorings.size();
            share += curve.shareAt(0.95 * curve.strongQuality()) / scorings.size();
        }
        double cost = share + (alwaysPaysWeak ? 1 : 1 - share) * WEAK_PRICE;
        ResampledGap resampled = ResampledGap.of(scorings, strong, weak);
        ResampledGap.Interval interval = resampled.interval();
        ResampledGap length = lengths.get(name);
        ResampledGap.Interval difference =
                length == null ? new ResampledGap.Interval(0, 0) : resampled.differenceTo(length);
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("set", name);
        row.put("router", router);
        row.put("apgr", finite(gap));
        row.put("low", finite(interval.low()));
        row.put("high", finite(interval.high()));
        row.put("cpt50", finite(half));
        row.put("cpt80", finite(most));
        row.put("differenceToLength", finite(gap - lengthGap(name, gap)));
        row.put("differenceLow", finite(difference.low()));
        row.put("differenceHigh", finite(difference.high()));
        row.put("costAt95Percent", finite(cost));
        row.put("rows", strong.length);
        row.put("strongQuality", curve.strongQuality());
        row.put("weakQuality", curve.weakQuality());
        row.put("seeds", scorings.size());
        rows.add(row);
        System.out.printf(
                Locale.ROOT,
                "%-34s %-32s %6.3f  [%.3f, %.3f] %5.1f%% %5.1f%% %6.1f%%  %+.3f [%+.3f, %+.3f]%n",
                name,
                router,
                gap,
                interval.low(),
                interval.high(),
                100 * half,
                100 * most,
                100 * cost,
                gap - lengthGap(name, gap),
                difference.low(),
                difference.high());
        return row;
    }

    /** Adds a figure that others published; what it lacks is null. */
    void published(String set, String router, double gap, double half, double most) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("set", set);
        row.put("router", router);
        row.put("apgr", gap);
        row.put("low", null);
        row.put("high", null);
        row.put("cpt50", half / 100);
        row.put("cpt80", most / 100);
        row.put("differenceToLength", null);
        row.put("differenceLow", null);
        row.put("differenceHigh", null);
        rows.add(row);
        System.out.printf(Locale.ROOT, "%-34s %-32s %6.3f  %14s %5.1f%% %5.1f%%%n", set, router, gap, "", half, most);
    }

    /** Adds a way to choose among several models, by the quality and the price of each row. */
    void addMany(String set, String router, double[] quality, double[] price, double @Nullable [] baseline, int seeds) {
        double[] resampled = resampledMeans(quality);
        double[] difference = new double[quality.length];
        Arrays.setAll(difference, row -> baseline == null ? 0 : quality[row] - baseline[row]);
        double[] differences = resampledMeans(difference);
        double mean = Arrays.stream(quality).average().orElse(0);
        double meanPrice = Arrays.stream(price).average().orElse(0);
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("set", set);
        row.put("router", router);
        for (String none : GAP_FIELDS) {
            row.put(none, null);
        }
        row.put("quality", mean);
        row.put("qualityLow", quantile(resampled, TAIL));
        row.put("qualityHigh", quantile(resampled, 1 - TAIL));
        row.put("pricePerMillion", meanPrice);
        row.put("differenceToBestSingle", Arrays.stream(difference).average().orElse(0));
        row.put("differenceToBestSingleLow", quantile(differences, TAIL));
        row.put("differenceToBestSingleHigh", quantile(differences, 1 - TAIL));
        row.put("rows", quality.length);
        row.put("seeds", seeds);
        rows.add(row);
        System.out.printf(
                Locale.ROOT,
                "%-34s %-32s quality %.3f [%.3f, %.3f] at $%.2f, less best single [%+.3f, %+.3f]%n",
                set,
                router,
                mean,
                quantile(resampled, TAIL),
                quantile(resampled, 1 - TAIL),
                meanPrice,
                quantile(differences, TAIL),
                quantile(differences, 1 - TAIL));
    }

    private static double[] resampledMeans(double[] values) {
        TrainingRandom random = new TrainingRandom(SEED);
        double[] means = new double[RESAMPLES];
        for (int resample = 0; resample < RESAMPLES; resample++) {
            double sum = 0;
            for (int i = 0; i < values.length; i++) {
                sum += values[random.below(values.length)];
            }
            means[resample] = sum / values.length;
        }
        Arrays.sort(means);
        return means;
    }

    private static double quantile(double[] sorted, double part) {
        return sorted[(int) Math.round(part * (sorted.length - 1))];
    }

    /** Notes that nothing could be learned from a set. */
    void skipped(String set, String router, String why) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("set", set);
        row.put("router", router);
        for (String none : GAP_FIELDS) {
            row.put(none, null);
        }
        row.put("skipped", why);
        rows.add(row);
        System.out.printf("%-34s %-32s %s%n", set, router, why);
    }

    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private double lengthGap(String name, double own) {
        return rows.stream()
                .filter(row -> name.equals(row.get("set")) && "length".equals(row.get("router")))
                .map(row -> row.get("apgr") instanceof Double gap ? gap : Double.NaN)
                .findFirst()
                .orElse(own);
    }
}

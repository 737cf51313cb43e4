package dev.architect.benchmarks.routing;

import dev.architect.router.evaluation.ResampledGap;
import dev.architect.router.evaluation.RoutingCurve;
import dev.architect.router.learned.RoutingOutcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The rows of the table, each of which is printed when it is added. */
final class RoutingTable {

    private static final double HALF = 0.5;
    private static final double MOST = 0.8;
    private static final double SAME_LENGTH = 1e-9;
    /** What the weak model costs as a part of the strong one, where the data names no prices: those of RouteLLM. */
    private static final double WEAK_PRICE = 0.24 / 24.7;

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
        row.put("apgr", gap);
        row.put("low", interval.low());
        row.put("high", interval.high());
        row.put("cpt50", half);
        row.put("cpt80", most);
        row.put("differenceToLength", gap - lengthGap(name, gap));
        row.put("differenceLow", difference.low());
        row.put("differenceHigh", difference.high());
        row.put("costAt95Percent", cost);
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

    private double lengthGap(String name, double own) {
        return rows.stream()
                .filter(row -> name.equals(row.get("set")) && "length".equals(row.get("router")))
                .map(row -> (Double) row.get("apgr"))
                .findFirst()
                .orElse(own);
    }
}

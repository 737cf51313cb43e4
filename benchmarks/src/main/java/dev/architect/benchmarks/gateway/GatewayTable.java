package dev.architect.benchmarks.gateway;

import dev.architect.benchmarks.Quantiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The figures of a comparison: as rows for programs, as a table for people, and beside what they are to reach. For one thread. */
final class GatewayTable {

    private static final String LINE = "| %-14s | %-9s | %10s | %9s | %9s | %14s | %14s | %10s | %8s |%n";
    private static final String START = "| %-20s | %-9s | %10s |%n";
    private static final String TARGET = "| %-44s | %10s | %10s | %-3s |%n";

    private final Map<String, Map<String, List<GatewayRound>>> rounds = new LinkedHashMap<>();
    private final Map<String, LoadFigures> direct = new LinkedHashMap<>();
    private final Map<String, Map<String, Quantiles>> starts = new LinkedHashMap<>();

    /** Adds how long starts have taken, until the first answer. */
    void addStart(String name, GatewayUnderTest side, List<Duration> times) {
        starts.computeIfAbsent(name, first -> new LinkedHashMap<>())
                .put(
                        side.name(),
                        Quantiles.of(times.stream()
                                .mapToDouble(time -> time.toNanos() / 1e6)
                                .toArray()));
    }

    /** Adds a round under the name of its load. */
    void addRound(String name, GatewayUnderTest side, GatewayRound round) {
        rounds.computeIfAbsent(name, first -> new LinkedHashMap<>())
                .computeIfAbsent(side.name(), first -> new ArrayList<>())
                .add(round);
    }

    /** Adds what the load does without a gateway. */
    void addDirect(String name, LoadFigures figures) {
        direct.put(name, figures);
    }

    /** The figures, with names that stay the same from run to run. */
    List<Map<String, Object>> rows() {
        List<Map<String, Object>> rows = new ArrayList<>();
        starts.forEach((name, bySide) -> bySide.forEach((side, millis) -> {
            Map<String, Object> row = row(name, side);
            row.put("untilFirstAnswerMillis", millis.asMap());
            rows.add(row);
        }));
        rounds.forEach((name, bySide) -> {
            bySide.forEach((side, all) -> {
                Map<String, Object> row = row(name, side);
                row.put(
                        "perSecond",
                        quantiles(all, round -> round.figures().perSecond()).asMap());
                row.put("p50Millis", quantiles(all, GatewayTable::p50).asMap());
                row.put("p99Millis", quantiles(all, GatewayTable::p99).asMap());
                row.put(
                        "firstTokenP50Millis",
                        quantiles(all, GatewayTable::firstP50).asMap());
                row.put(
                        "firstTokenP99Millis",
                        quantiles(all, GatewayTable::firstP99).asMap());
                row.put(
                        "cpuMicrosPerAnswer",
                        quantiles(all, GatewayRound::cpuMicros).asMap());
                row.put("residentMib", quantiles(all, GatewayRound::residentMib).asMap());
                rows.add(row);
            });
            LoadFigures without = direct.get(name);
            if (without != null) {
                Map<String, Object> row = row(name, "none");
                row.put("perSecond", Quantiles.of(without.perSecond()).asMap());
                row.put("p50Millis", Quantiles.of(without.whole().p50()).asMap());
                row.put("p99Millis", Quantiles.of(without.whole().p99()).asMap());
                rows.add(row);
            }
        });
        for (GatewayTarget target : targets()) {
            Map<String, Object> row = row("target/" + target.name(), GatewaySides.ARCHITECT);
            row.put("seen", rounded(target.seen()));
            row.put(target.isAtLeast() ? "atLeast" : "atMost", rounded(target.bound()));
            row.put("isMet", target.isMet());
            rows.add(row);
        }
        return rows;
    }

    private static Map<String, Object> row(String name, String side) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("row", name);
        row.put("gateway", side);
        return row;
    }

    /** Our figures divided by those of the peer in the same round; none without the peer. */
    Map<String, Object> ratios() {
        Map<String, Object> ratios = new LinkedHashMap<>();
        rounds.forEach((name, bySide) -> {
            List<GatewayRound> ours = bySide.getOrDefault(GatewaySides.ARCHITECT, List.of());
            List<GatewayRound> theirs = bySide.getOrDefault(GatewaySides.PORTKEY, List.of());
            if (!theirs.isEmpty()) {
                ratios.put(
                        name + "/perSecond",
                        ratio(ours, theirs, round -> round.figures().perSecond())
                                .asMap());
                ratios.put(
                        name + "/cpuPerAnswer",
                        ratio(ours, theirs, GatewayRound::cpuMicros).asMap());
                ratios.put(
                        name + "/resident",
                        ratio(ours, theirs, GatewayRound::residentMib).asMap());
            }
        });
        return ratios;
    }

    /** What is to be reached, as far as it was measured. */
    private List<GatewayTarget> targets() {
        List<GatewayTarget> targets = new ArrayList<>();
        rounds.forEach((name, bySide) -> {
            List<GatewayRound> ours = bySide.getOrDefault(GatewaySides.ARCHITECT, List.of());
            List<GatewayRound> theirs = bySide.getOrDefault(GatewaySides.PORTKEY, List.of());
            if (name.startsWith("cold/")) {
                return;
            }
            boolean isStream = name.startsWith("stream/");
            if (!theirs.isEmpty()) {
                double ratio = ratio(ours, theirs, round -> round.figures().perSecond())
                        .median();
                targets.add(GatewayTarget.atLeast(name + "/perSecond ÷ peer", ratio, isStream ? 2 : 5.2));
                if (!isStream) {
                    targets.add(GatewayTarget.atMost(
                            name + "/p99 ms, peer's p50",
                            quantiles(ours, GatewayTable::p99).median(),
                            quantiles(theirs, GatewayTable::p50).median()));
                }
                targets.add(GatewayTarget.atMost(
                        name + "/resident MiB, peer's",
                        quantiles(ours, GatewayRound::residentMib).max(),
                        quantiles(theirs, GatewayRound::residentMib).max()));
            }
            if (isStream) {
                targets.add(GatewayTarget.atMost(
                        name + "/first token p50 ms",
                        quantiles(ours, GatewayTable::firstP50).median(),
                        2));
                targets.add(GatewayTarget.atMost(
                        name + "/first token p99 ms",
                        quantiles(ours, GatewayTable::firstP99).median(),
                        10));
            }
            targets.add(GatewayTarget.atMost(
                    name + "/resident MiB",
                    quantiles(ours, GatewayRound::residentMib).max(),
                    200));
        });
        addStartTarget(targets, "start", 1_500);
        addStartTarget(targets, "startWithoutArchive", 3_000);
        return targets;
    }

    private void addStartTarget(List<GatewayTarget> targets, String name, double millis) {
        Quantiles seen = starts.getOrDefault(name, Map.of()).get(GatewaySides.ARCHITECT);
        if (seen != null) {
            targets.add(GatewayTarget.atMost(name + "/until first answer ms", seen.median(), millis));
        }
    }

    private static Quantiles quantiles(List<GatewayRound> all, ToDoubleFunction<GatewayRound> figure) {
        return Quantiles.of(all.stream().mapToDouble(figure).toArray());
    }

    private static Quantiles ratio(
            List<GatewayRound> ours, List<GatewayRound> theirs, ToDoubleFunction<GatewayRound> figure) {
        double[] ratios = new double[Math.min(ours.size(), theirs.size())];
        for (int i = 0; i < ratios.length; i++) {
            double other = figure.applyAsDouble(theirs.get(i));
            ratios[i] = other == 0 ? 0 : figure.applyAsDouble(ours.get(i)) / other;
        }
        return Quantiles.of(ratios);
    }

    private static double p50(GatewayRound round) {
        return round.figures().whole().p50();
    }

    private static double p99(GatewayRound round) {
        return round.figures().whole().p99();
    }

    private static double firstP50(GatewayRound round) {
        return round.figures().firstToken().p50();
    }

    private static double firstP99(GatewayRound round) {
        return round.figures().firstToken().p99();
    }

    /** Prints starts, loads, ratios and targets. */
    void print() {
        System.out.printf(START, "start", "gateway", "ms");
        System.out.printf(START, "---", "---", "---:");
        starts.forEach((name, bySide) -> bySide.forEach(
                (side, millis) -> System.out.printf(START, name, side, number("%.0f", millis.median()))));
        System.out.println();
        System.out.printf(
                LINE,
                "load",
                "gateway",
                "per second",
                "p50 ms",
                "p99 ms",
                "1st token p50",
                "1st token p99",
                "CPU µs",
                "MiB");
        System.out.printf(LINE, "---", "---", "---:", "---:", "---:", "---:", "---:", "---:", "---:");
        rounds.forEach((name, bySide) -> {
            bySide.forEach((side, all) -> System.out.printf(
                    LINE,
                    name,
                    side,
                    number(
                            "%.0f",
                            quantiles(all, round -> round.figures().perSecond()).median()),
                    number("%.2f", quantiles(all, GatewayTable::p50).median()),
                    number("%.2f", quantiles(all, GatewayTable::p99).median()),
                    number("%.2f", quantiles(all, GatewayTable::firstP50).median()),
                    number("%.2f", quantiles(all, GatewayTable::firstP99).median()),
                    number("%.0f", quantiles(all, GatewayRound::cpuMicros).median()),
                    number("%.0f", quantiles(all, GatewayRound::residentMib).median())));
            LoadFigures without = direct.get(name);
            if (without != null) {
                System.out.printf(
                        LINE,
                        name,
                        "none",
                        number("%.0f", without.perSecond()),
                        number("%.2f", without.whole().p50()),
                        number("%.2f", without.whole().p99()),
                        number("%.2f", without.firstToken().p50()),
                        number("%.2f", without.firstToken().p99()),
                        "",
                        "");
            }
        });
        System.out.println();
        ratios().forEach((name, ratio) -> System.out.println("architect ÷ portkey, " + name + ": " + ratio));
        System.out.println();
        System.out.printf(TARGET, "target", "seen", "bound", "met");
        System.out.printf(TARGET, "---", "---:", "---:", "---");
        for (GatewayTarget target : targets()) {
            System.out.printf(
                    TARGET,
                    target.name(),
                    number("%.2f", target.seen()),
                    (target.isAtLeast() ? "≥ " : "≤ ") + number("%.2f", target.bound()),
                    target.isMet() ? "yes" : "no");
        }
    }

    private static String number(String format, double figure) {
        return String.format(Locale.ROOT, format, figure);
    }

    private static double rounded(double figure) {
        return Math.round(figure * 100) / 100.0;
    }
}

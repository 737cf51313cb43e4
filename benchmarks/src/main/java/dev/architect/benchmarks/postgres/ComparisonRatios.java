package dev.architect.benchmarks.postgres;

import dev.architect.benchmarks.Quantiles;
import dev.architect.benchmarks.postgres.engine.PostgresEngines;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** The ratios of a run, each formed inside a round, in which both sides met the same state of the machine. */
final class ComparisonRatios {

    private final List<Map<String, Object>> rows;
    private final int rounds;
    private final Map<String, Object> ratios = new LinkedHashMap<>();

    private ComparisonRatios(List<Map<String, Object>> rows, int rounds) {
        this.rows = rows;
        this.rounds = rounds;
    }

    /** Prints the table of figures and the ratios, and returns the ratios by their names. */
    static Map<String, Object> of(List<Map<String, Object>> rows, PostgresOptions options) {
        ComparisonRatios comparison = new ComparisonRatios(rows, options.sizes().rounds());
        System.out.printf("%nmedian (min–max) of %d rounds%n", comparison.rounds);
        for (BenchmarkCase each : options.cases()) {
            comparison.table(each, options.engines());
        }
        System.out.printf("%n%-36s %-24s %s%n", "ratio inside a round", "median (min–max)", "commit, µs");
        for (BenchmarkCase each : options.cases()) {
            comparison.ratios(each, options.engines());
        }
        return comparison.ratios;
    }

    private void table(BenchmarkCase benchmarkCase, List<String> engines) {
        for (String engine : engines) {
            String figure = benchmarkCase.isPickUp() ? "p50Millis" : "perSecond";
            figures(engine, benchmarkCase, figure).ifPresent(quantiles -> {
                StringBuilder line = new StringBuilder(quantiles.format(benchmarkCase.isPickUp() ? 2 : 0))
                        .append(benchmarkCase.isPickUp() ? " ms p50" : " a second");
                add(line, engine, benchmarkCase, "p99Millis", "ms p99", 2);
                add(line, engine, benchmarkCase, "coldP50Millis", "ms p50 before the warm-up", 2);
                add(line, engine, benchmarkCase, "walBytesPerTask", "WAL bytes a task", 0);
                add(line, engine, benchmarkCase, "serverCpuMicrosPerTask", "µs of the server's processors a task", 0);
                add(line, engine, benchmarkCase, "commitMicrosMedian", "µs a commit", 0);
                add(line, engine, benchmarkCase, "duplicates", "duplicates", 0);
                System.out.printf("%-10s %-16s %s%n", benchmarkCase.word(), label(engine, benchmarkCase), line);
            });
        }
    }

    private void add(
            StringBuilder line, String engine, BenchmarkCase benchmarkCase, String figure, String unit, int places) {
        figures(engine, benchmarkCase, figure)
                .ifPresent(
                        value -> line.append(", ").append(String.format("%." + places + "f %s", value.median(), unit)));
    }

    private static String label(String engine, BenchmarkCase benchmarkCase) {
        return isOurs(engine) && !benchmarkCase.performs() ? "architect" : engine;
    }

    private static boolean isOurs(String engine) {
        return PostgresEngines.ours().contains(engine);
    }

    /** Ours over each peer; and ours with a burden over ours without. */
    private void ratios(BenchmarkCase benchmarkCase, List<String> engines) {
        if (benchmarkCase == BenchmarkCase.SOAK) {
            for (String figure : List.of("lastToFirst", "sizeToFull")) {
                figures(PostgresEngines.DURABLE, benchmarkCase, figure)
                        .ifPresent(value -> put("soak/" + figure, value, benchmarkCase));
            }
            return;
        }
        for (String ours : PostgresEngines.ours()) {
            if (!benchmarkCase.performs() && ours.equals(PostgresEngines.GROUPED)) {
                continue;
            }
            String prefix = benchmarkCase == BenchmarkCase.DRAIN
                    ? ours
                    : benchmarkCase.performs() ? benchmarkCase.word() + "-" + ours : benchmarkCase.word();
            if (benchmarkCase == BenchmarkCase.BACKLOG
                    || benchmarkCase == BenchmarkCase.STUCK
                    || benchmarkCase == BenchmarkCase.SNAPSHOT) {
                // Of ours alone: what of the rate of the empty queue is left.
                String name = ours.equals(PostgresEngines.DURABLE) ? benchmarkCase.word() : prefix;
                ratio(name, benchmarkCase, ours, benchmarkCase, ours, BenchmarkCase.DRAIN);
            }
            for (String peer : engines) {
                if (!isOurs(peer)) {
                    ratio(prefix + "/" + peer, benchmarkCase, ours, benchmarkCase, peer, benchmarkCase);
                }
            }
        }
    }

    private void ratio(
            String name,
            BenchmarkCase shown,
            String one,
            BenchmarkCase oneCase,
            String other,
            BenchmarkCase otherCase) {
        List<Double> inRounds = new ArrayList<>();
        String figure = oneCase.isPickUp() ? "p50Millis" : "perSecond";
        for (int round = 1; round <= rounds; round++) {
            OptionalDouble first = figure(one, oneCase, figure, round);
            OptionalDouble second = figure(other, otherCase, figure, round);
            if (first.isPresent() && second.isPresent()) {
                double ratio = first.getAsDouble() / second.getAsDouble();
                // Of a time less is better.
                inRounds.add(oneCase.isPickUp() ? 1 / ratio : ratio);
            }
        }
        if (!inRounds.isEmpty()) {
            double[] values = inRounds.stream().mapToDouble(Double::doubleValue).toArray();
            put(name, Quantiles.of(values), shown);
        }
    }

    private void put(String name, Quantiles ratio, BenchmarkCase benchmarkCase) {
        Map<String, Object> entry = new LinkedHashMap<>(ratio.asMap());
        double[] commits = rows.stream()
                .filter(row -> benchmarkCase.word().equals(row.get("case")) && row.containsKey("commitMicrosMedian"))
                .mapToDouble(row -> number(row, "commitMicrosMedian"))
                .toArray();
        String commit = "";
        if (commits.length > 0) {
            Quantiles micros = Quantiles.of(commits);
            entry.put("commitMicrosMedian", Math.round(micros.median()));
            commit = micros.format(0);
        }
        ratios.put(name, entry);
        System.out.printf("%-36s %-24s %s%n", name, ratio.format(2), commit);
    }

    private Optional<Quantiles> figures(String engine, BenchmarkCase benchmarkCase, String figure) {
        double[] values = IntStream.rangeClosed(1, rounds)
                .mapToObj(round -> figure(engine, benchmarkCase, figure, round))
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .toArray();
        return values.length == 0 ? Optional.empty() : Optional.of(Quantiles.of(values));
    }

    private OptionalDouble figure(String engine, BenchmarkCase benchmarkCase, String figure, int round) {
        return rows.stream()
                .filter(row -> engine.equals(row.get("engine"))
                        && benchmarkCase.word().equals(row.get("case"))
                        && Integer.valueOf(round).equals(row.get("round"))
                        && row.get(figure) instanceof Number)
                .mapToDouble(row -> number(row, figure))
                .findFirst();
    }

    private static double number(Map<String, Object> row, String figure) {
        return row.get(figure) instanceof Number value ? value.doubleValue() : Double.NaN;
    }
}

package dev.architect.benchmarks.router;

import dev.architect.benchmarks.HostInfo;
import dev.architect.benchmarks.JmhRun;
import dev.architect.benchmarks.Measurement;
import dev.architect.benchmarks.MeasurementReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.util.Statistics;

/**
 * Runs {@link DecisionBenchmark} and {@link PromptBenchmark}, and prints one table: for each operation the mean and the bytes of many in a
 * row, and quantiles of single ones, which contain the reading of the clock. Takes the options of JMH, for example {@code -p candidates=6}.
 */
public final class RouterTable {

    private static final String LINE = "| %-9s | %10s | %10s | %10s | %10s | %10s | %10s |%n";
    private static final List<Class<?>> BENCHMARKS = List.of(DecisionBenchmark.class, PromptBenchmark.class);
    private static final String CANDIDATES = "candidates";
    private static final String CHARACTERS = "promptCharacters";
    private static final double MEDIAN = 50;
    private static final double P99 = 99;

    private RouterTable() {}

    /** Runs with options of JMH and {@code --json FILE}. */
    public static void main(String... arguments) throws Exception {
        Measurement.main(RouterTable::measure, arguments);
    }

    static MeasurementReport measure(List<String> arguments) throws Exception {
        Map<String, Object> machine = HostInfo.facts();
        Map<String, Row> rows = new LinkedHashMap<>();
        Map<String, Object> options = Map.of();
        for (Class<?> benchmark : BENCHMARKS) {
            JmhRun means = JmhRun.of(benchmark, Mode.AverageTime, argumentsFor(benchmark, arguments));
            JmhRun samples = JmhRun.of(benchmark, Mode.SampleTime, argumentsFor(benchmark, arguments));
            options = means.options();
            means.results().forEach(result -> rows.put(key(result), Row.ofMean(result)));
            samples.results()
                    .forEach(result -> rows.computeIfPresent(
                            key(result),
                            (key, row) ->
                                    row.withSamples(result.getPrimaryResult().getStatistics())));
        }
        System.out.println();
        System.out.printf(LINE, "operation", CANDIDATES, "characters", "mean ns", "p50 ns", "p99 ns", "bytes");
        System.out.printf(LINE, "---", "---:", "---:", "---:", "---:", "---:", "---:");
        rows.values().forEach(Row::print);
        return new MeasurementReport(
                "router",
                machine,
                options,
                rows.values().stream().map(Row::asMap).toList(),
                ratios(rows.values()));
    }

    /** Without the parameters that only the other class has. */
    private static List<String> argumentsFor(Class<?> benchmark, List<String> arguments) {
        List<String> own = new ArrayList<>();
        for (int next = 0; next < arguments.size(); next++) {
            int i = next;
            boolean isOfOther = arguments.get(i).equals("-p")
                    && i + 1 < arguments.size()
                    && BENCHMARKS.stream()
                            .filter(other -> other != benchmark)
                            .flatMap(other -> Arrays.stream(other.getFields()))
                            .anyMatch(field -> arguments.get(i + 1).startsWith(field.getName() + "="));
            if (isOfOther) {
                next++;
            } else {
                own.add(arguments.get(i));
            }
        }
        return own;
    }

    private static String key(RunResult result) {
        return JmhRun.method(result) + parameter(result, CANDIDATES) + "/" + parameter(result, CHARACTERS);
    }

    private static int parameter(RunResult result, String name) {
        String value = result.getParams().getParam(name);
        return value == null ? 0 : Integer.parseInt(value);
    }

    /** How many times reading the JSON of the same request what depends on the prompt takes. */
    private static Map<String, Object> ratios(Collection<Row> rows) {
        Map<String, Object> ratios = new LinkedHashMap<>();
        for (Row row : rows) {
            rows.stream()
                    .filter(json -> json.operation.equals("json") && json.characters == row.characters)
                    .findFirst()
                    .ifPresent(json -> ratios.put(
                            row.operation + "/json, " + row.characters + " characters",
                            row.meanNanos / json.meanNanos));
        }
        return ratios;
    }

    /** One line of the table. */
    private record Row(
            String operation,
            int candidates,
            int characters,
            double meanNanos,
            double p50Nanos,
            double p99Nanos,
            double bytesPerOp) {

        static Row ofMean(RunResult result) {
            return new Row(
                    JmhRun.method(result),
                    parameter(result, CANDIDATES),
                    Math.abs(parameter(result, CHARACTERS)),
                    result.getPrimaryResult().getScore(),
                    0,
                    0,
                    JmhRun.bytes(result));
        }

        Row withSamples(Statistics samples) {
            return new Row(
                    operation,
                    candidates,
                    characters,
                    meanNanos,
                    samples.getPercentile(MEDIAN),
                    samples.getPercentile(P99),
                    bytesPerOp);
        }

        Map<String, Object> asMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("operation", operation);
            map.put(CANDIDATES, candidates);
            map.put(CHARACTERS, characters);
            map.put("meanNanos", meanNanos);
            map.put("p50Nanos", p50Nanos);
            map.put("p99Nanos", p99Nanos);
            map.put("bytesPerOp", bytesPerOp);
            return map;
        }

        void print() {
            System.out.printf(
                    LINE,
                    operation,
                    candidates,
                    characters,
                    number(meanNanos),
                    number(p50Nanos),
                    number(p99Nanos),
                    number(bytesPerOp));
        }

        private static String number(double value) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
    }
}

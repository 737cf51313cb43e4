package dev.architect.benchmarks.router;

import dev.architect.benchmarks.HostInfo;
import dev.architect.benchmarks.JmhRun;
import dev.architect.benchmarks.Measurement;
import dev.architect.benchmarks.MeasurementReport;
import java.util.ArrayList;
import java.util.Arrays;
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
    private static final String MEAN = "meanNanos";
    private static final double MEDIAN = 50;
    private static final double P99 = 99;

    private RouterTable() {}

    /** Runs with options of JMH and {@code --json FILE}. */
    public static void main(String... arguments) throws Exception {
        Measurement.main(RouterTable::measure, arguments);
    }

    static MeasurementReport measure(List<String> arguments) throws Exception {
        Map<String, Object> machine = HostInfo.facts();
        Map<String, Map<String, Object>> rows = new LinkedHashMap<>();
        Map<String, Object> options = Map.of();
        for (Class<?> benchmark : BENCHMARKS) {
            JmhRun means = JmhRun.of(benchmark, Mode.AverageTime, argumentsFor(benchmark, arguments));
            JmhRun samples = JmhRun.of(benchmark, Mode.SampleTime, argumentsFor(benchmark, arguments));
            options = means.options();
            means.results().forEach(result -> rows.put(key(result), withMean(row(result), result)));
            samples.results().forEach(result -> withQuantiles(rows.getOrDefault(key(result), row(result)), result));
        }
        System.out.println();
        System.out.printf(LINE, "operation", CANDIDATES, "characters", "mean ns", "p50 ns", "p99 ns", "bytes");
        System.out.printf(LINE, "---", "---:", "---:", "---:", "---:", "---:", "---:");
        rows.values().forEach(RouterTable::print);
        return new MeasurementReport("router", machine, options, new ArrayList<>(rows.values()), ratios(rows));
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

    private static Map<String, Object> row(RunResult result) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("operation", JmhRun.method(result));
        row.put(CANDIDATES, parameter(result, CANDIDATES));
        row.put(CHARACTERS, Math.abs(parameter(result, CHARACTERS)));
        return row;
    }

    private static int parameter(RunResult result, String name) {
        String value = result.getParams().getParam(name);
        return value == null ? 0 : Integer.parseInt(value);
    }

    private static Map<String, Object> withMean(Map<String, Object> row, RunResult result) {
        row.put(MEAN, result.getPrimaryResult().getScore());
        row.put("bytesPerOp", JmhRun.bytes(result));
        return row;
    }

    private static void withQuantiles(Map<String, Object> row, RunResult result) {
        Statistics samples = result.getPrimaryResult().getStatistics();
        row.put("p50Nanos", samples.getPercentile(MEDIAN));
        row.put("p99Nanos", samples.getPercentile(P99));
    }

    /** How many times reading the JSON of the same request what depends on the prompt takes. */
    private static Map<String, Object> ratios(Map<String, Map<String, Object>> rows) {
        Map<String, Object> ratios = new LinkedHashMap<>();
        for (Map<String, Object> row : rows.values()) {
            rows.values().stream()
                    .filter(json -> json.get("operation").equals("json")
                            && json.get(CHARACTERS).equals(row.get(CHARACTERS)))
                    .findFirst()
                    .ifPresent(json -> ratios.put(
                            row.get("operation") + "/json, " + row.get(CHARACTERS) + " characters",
                            (double) row.get(MEAN) / (double) json.get(MEAN)));
        }
        return ratios;
    }

    private static void print(Map<String, Object> row) {
        System.out.printf(
                LINE,
                row.get("operation"),
                row.get(CANDIDATES),
                row.get(CHARACTERS),
                number(row.get(MEAN)),
                number(row.get("p50Nanos")),
                number(row.get("p99Nanos")),
                number(row.get("bytesPerOp")));
    }

    private static String number(Object value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }
}

package dev.architect.benchmarks.router;

import dev.architect.benchmarks.HostInfo;
import dev.architect.benchmarks.JmhRun;
import dev.architect.benchmarks.Measurement;
import dev.architect.benchmarks.MeasurementReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;

/**
 * Runs {@link RouteBenchmark} and prints one table: nanoseconds and bytes for each operation, and how many times those of the reference,
 * reading the JSON of the same request, the nanoseconds are. Takes the options of JMH, for example {@code -p prompt=short}.
 */
public final class RouteTable {

    private static final String REFERENCE = "decodeTheRequest";
    private static final String LINE = "| %-6s | %-16s | %10s | %9s | %11s | %8s |%n";

    private RouteTable() {}

    /** Runs with options of JMH and {@code --json FILE}. */
    public static void main(String... arguments) throws Exception {
        Measurement.main(RouteTable::measure, arguments);
    }

    static MeasurementReport measure(List<String> arguments) throws Exception {
        Map<String, Object> machine = HostInfo.facts();
        JmhRun run = JmhRun.of(RouteBenchmark.class, arguments);
        Map<String, Double> references = new LinkedHashMap<>();
        for (RunResult result : run.results()) {
            if (JmhRun.method(result).equals(REFERENCE)) {
                references.put(prompt(result), nanos(result));
            }
        }
        List<Map<String, Object>> rows = new ArrayList<>();
        Map<String, Object> ratios = new LinkedHashMap<>();
        System.out.println();
        System.out.printf(LINE, "prompt", "operation", "ns", "± ns", "÷ reference", "bytes");
        System.out.printf(LINE, "---", "---", "---:", "---:", "---:", "---:");
        for (RunResult result : run.results()) {
            Map<String, Object> row = row(result);
            rows.add(row);
            Double reference = references.get(prompt(result));
            double ratio = reference == null ? Double.NaN : nanos(result) / reference;
            if (!Double.isNaN(ratio) && !JmhRun.method(result).equals(REFERENCE)) {
                ratios.put(prompt(result) + "/" + JmhRun.method(result), ratio);
            }
            System.out.printf(
                    LINE,
                    prompt(result),
                    JmhRun.method(result),
                    String.format(Locale.ROOT, "%,.0f", nanos(result)),
                    String.format(Locale.ROOT, "%,.0f", error(result)),
                    Double.isNaN(ratio) ? "–" : String.format(Locale.ROOT, "%.1f", ratio),
                    String.format(Locale.ROOT, "%,.0f", JmhRun.bytes(result)));
        }
        return new MeasurementReport("router", machine, run.options(), rows, ratios);
    }

    private static Map<String, Object> row(RunResult result) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("prompt", prompt(result));
        row.put("operation", JmhRun.method(result));
        row.put("averageNanos", nanos(result));
        // JMH computes no error of a single iteration, and JSON has no value for that.
        if (Double.isFinite(error(result))) {
            row.put("errorNanos", error(result));
        }
        row.put("allocatedBytes", JmhRun.bytes(result));
        return row;
    }

    private static String prompt(RunResult result) {
        return result.getParams().getParam("prompt");
    }

    private static double nanos(RunResult result) {
        return result.getPrimaryResult().getScore();
    }

    private static double error(RunResult result) {
        return result.getPrimaryResult().getScoreError();
    }
}

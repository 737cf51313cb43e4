package dev.architect.benchmarks.approval;

import dev.architect.benchmarks.HostInfo;
import dev.architect.benchmarks.JmhRun;
import dev.architect.benchmarks.Measurement;
import dev.architect.benchmarks.MeasurementReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.util.Statistics;

/**
 * Runs {@link ApprovalBenchmark}, and prints one table: the mean and the bytes of many decisions in a row, and quantiles of single ones,
 * which contain the reading of the clock. Takes the options of JMH, for example {@code -p rules=500}.
 */
public final class ApprovalTable {

    private static final String LINE = "| %-8s | %-8s | %6s | %12s | %12s | %12s | %12s |%n";
    private static final double MEDIAN = 50;
    private static final double P99 = 99;

    private ApprovalTable() {}

    /** Runs with options of JMH and {@code --json FILE}. */
    public static void main(String... arguments) throws Exception {
        Measurement.main(ApprovalTable::measure, arguments);
    }

    static MeasurementReport measure(List<String> arguments) throws Exception {
        Map<String, Object> machine = HostInfo.facts();
        JmhRun means = JmhRun.of(ApprovalBenchmark.class, Mode.AverageTime, arguments);
        JmhRun samples = JmhRun.of(ApprovalBenchmark.class, Mode.SampleTime, arguments);
        Map<String, Map<String, Object>> rows = new LinkedHashMap<>();
        means.results().forEach(result -> rows.put(key(result), row(result)));
        samples.results().forEach(result -> {
            Statistics single = result.getPrimaryResult().getStatistics();
            Map<String, Object> row = rows.get(key(result));
            if (row != null) {
                row.put("p50Nanos", single.getPercentile(MEDIAN));
                row.put("p99Nanos", single.getPercentile(P99));
            }
        });
        System.out.println();
        System.out.printf(LINE, "operation", "text", "rules", "mean ns", "p50 ns", "p99 ns", "bytes");
        System.out.printf(LINE, "---", "---", "---:", "---:", "---:", "---:", "---:");
        rows.values().forEach(ApprovalTable::print);
        return new MeasurementReport("approvals", machine, means.options(), List.copyOf(rows.values()), ratios(rows));
    }

    private static Map<String, Object> row(RunResult result) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("operation", JmhRun.method(result));
        row.put("text", result.getParams().getParam("text"));
        row.put("rules", Integer.parseInt(result.getParams().getParam("rules")));
        row.put("meanNanos", result.getPrimaryResult().getScore());
        row.put("bytesPerOp", JmhRun.bytes(result));
        return row;
    }

    private static String key(RunResult result) {
        return key(
                JmhRun.method(result),
                result.getParams().getParam("text"),
                result.getParams().getParam("rules"));
    }

    private static String key(String operation, String text, String rules) {
        return operation + "/" + text + "/" + rules;
    }

    /** How many times reading the JSON of the same action a decision takes. */
    private static Map<String, Object> ratios(Map<String, Map<String, Object>> rows) {
        Map<String, Object> ratios = new LinkedHashMap<>();
        rows.forEach((key, row) -> {
            Map<String, Object> json =
                    rows.get(key("json", String.valueOf(row.get("text")), String.valueOf(row.get("rules"))));
            if (json != null && "decide".equals(row.get("operation"))) {
                ratios.put(
                        "decide/json, " + row.get("text") + ", " + row.get("rules") + " rules",
                        number(row, "meanNanos") / number(json, "meanNanos"));
            }
        });
        return ratios;
    }

    private static double number(Map<String, Object> row, String name) {
        return ((Number) row.getOrDefault(name, 0)).doubleValue();
    }

    private static void print(Map<String, Object> row) {
        System.out.printf(
                LINE,
                row.get("operation"),
                row.get("text"),
                row.get("rules"),
                shown(row, "meanNanos"),
                shown(row, "p50Nanos"),
                shown(row, "p99Nanos"),
                shown(row, "bytesPerOp"));
    }

    private static String shown(Map<String, Object> row, String name) {
        return String.format(Locale.ROOT, "%,.0f", number(row, name));
    }
}

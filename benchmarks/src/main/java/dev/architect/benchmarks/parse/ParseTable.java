package dev.architect.benchmarks.parse;

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
 * Runs {@link ParseBenchmark} and prints one table: microseconds (the median) and bytes for each answer, and how many times those of our
 * adapter they are. Takes the options of JMH, for example {@code -p row=openai/architect,openai/openai-java}.
 */
public final class ParseTable {

    private static final String LINE = "| %-16s | %-7s | %-15s | %9s | %6s | %11s | %6s |%n";

    private ParseTable() {}

    /** Runs with options of JMH and {@code --json FILE}. */
    public static void main(String... arguments) throws Exception {
        Measurement.main(ParseTable::measure, arguments);
    }

    static MeasurementReport measure(List<String> arguments) throws Exception {
        Map<String, Object> machine = HostInfo.facts();
        JmhRun run = JmhRun.of(ParseBenchmark.class, arguments);
        Map<String, Figures> figures = new LinkedHashMap<>();
        run.results().forEach(result -> figures.put(key(result), Figures.of(result)));
        List<Map<String, Object>> rows = new ArrayList<>();
        Map<String, Object> ratios = new LinkedHashMap<>();
        System.out.println();
        System.out.printf(LINE, "wire", "answer", "client", "µs", "÷ ours", "bytes", "÷ ours");
        System.out.printf(LINE, "---", "---", "---", "---:", "---:", "---:", "---:");
        figures.forEach((key, found) -> {
            String[] names = key.split("/");
            String ourKey = names[0] + "/" + names[1] + "/architect";
            Figures ours = figures.getOrDefault(ourKey, found);
            double time = found.micros() / ours.micros();
            double space = found.bytes() / ours.bytes();
            System.out.printf(
                    LINE,
                    names[0],
                    names[1],
                    names[2],
                    String.format(Locale.ROOT, "%,.1f", found.micros()),
                    String.format(Locale.ROOT, "%.2f", time),
                    String.format(Locale.ROOT, "%,.0f", found.bytes()),
                    String.format(Locale.ROOT, "%.2f", space));
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("wire", names[0]);
            row.put("answer", names[1]);
            row.put("client", names[2]);
            row.put("medianMicros", found.micros());
            row.put("allocatedBytes", found.bytes());
            rows.add(row);
            // Without a row of ours there is nothing to divide by.
            if (figures.containsKey(ourKey) && !key.equals(ourKey)) {
                ratios.put(key + "/micros", time);
                ratios.put(key + "/bytes", space);
            }
        });
        return new MeasurementReport("parse", machine, run.options(), rows, ratios);
    }

    /** The wire, the kind of answer and the client, by which rows that belong together sort together. */
    private static String key(RunResult result) {
        String[] names = result.getParams().getParam("row").split("/");
        return names[0] + "/" + JmhRun.method(result) + "/" + names[1];
    }

    private record Figures(double micros, double bytes) {

        static Figures of(RunResult result) {
            return new Figures(result.getPrimaryResult().getStatistics().getPercentile(50), JmhRun.bytes(result));
        }
    }
}
